/** Uncaught errors: without a listener they end main and every worker at once, without clean-up. @module */

/** Passes every uncaught error on, until it is disposed. */
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
