/** Errors that nobody caught: without a listener they would end main and every worker at once, cleaning up nothing. @module */

/** Hands on every error that nothing caught, until it is disposed. */
export function watchUncaughtErrors(handle: (error: unknown) => void): Disposable {
  using undo = new DisposableStack();

  function onError(event: ErrorEvent): void {
    event.preventDefault();
    handle(event.error);
  }
  function onRejection(event: PromiseRejectionEvent): void {
    event.preventDefault();
    handle(event.reason);
  }
  globalThis.addEventListener("error", onError);
  undo.defer(() => globalThis.removeEventListener("error", onError));
  globalThis.addEventListener("unhandledrejection", onRejection);
  undo.defer(() => globalThis.removeEventListener("unhandledrejection", onRejection));
  return undo.move();
}
