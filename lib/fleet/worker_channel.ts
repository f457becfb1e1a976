/** Main's channel to one worker: from the first order to the last message, or to its loss. @module */

import { isMessage, type Message, type Order } from "./protocol.ts";

/** A worker's last message. */
export type LastMessage = Extract<Message, { type: "done" | "failed" | "answered" | "unanswered" }>;

/** Every other message, except `pong`. */
export type WorkerEvent = Exclude<Message, LastMessage | { type: "pong" }>;

/** How a worker ended: with its one last message, or without. `why` completes "the worker …". */
export type Ending = LastMessage | { readonly type: "lost"; readonly why: string };

/** How long main waits for a worker. Milliseconds. */
export interface WorkerTimeouts {
  /** Between two pings. */
  readonly pulse: number;
  /** Unanswered pings in a row after which a worker is lost: the runtime does not say when one ends. */
  readonly missed: number;
  /** From a stop, or from the order to clean, to the last message. */
  readonly stop: number;
}

/** The channel to a running worker. */
export interface WorkerChannel {
  readonly ending: Promise<Ending>;
  send(order: Order): void;
}

/**
 * Starts a worker with its first order and listens until it ends; then it is terminated in any case. `onEvent` gets each event, and
 * may return why it is invalid, which makes the worker a lost one. Aborting the signal asks the worker to stop; it still sends its
 * own last message, within its time.
 */
export function openWorkerChannel(
  createWorker: () => Worker,
  order: Order,
  timeouts: WorkerTimeouts,
  onEvent: (event: WorkerEvent) => string | undefined,
  signal: AbortSignal,
): WorkerChannel {
  const { promise: ending, resolve } = Promise.withResolvers<Ending>();
  using undo = new DisposableStack();
  let worker: Worker;
  try {
    worker = createWorker();
  } catch {
    return { ending: Promise.resolve({ type: "lost", why: "could not be started" }), send: () => {} };
  }
  undo.defer(() => worker.terminate());

  function send(order: Order): void {
    worker.postMessage(order);
  }
  function lost(why: string): void {
    resolve({ type: "lost", why });
  }

  let unanswered = 0;
  worker.onmessage = ({ data }: MessageEvent<unknown>) => {
    unanswered = 0;
    if (!isMessage(data)) return lost("sent a message that makes no sense");
    if (data.type === "pong") return;
    if (isLast(data)) return resolve(data);
    const nonsense = onEvent(data);
    if (nonsense !== undefined) lost(nonsense);
  };
  worker.onmessageerror = () => lost("sent a message that cannot be read");
  worker.onerror = (event) => {
    event.preventDefault(); // or main ends with the worker, without clean-up
    // The event's message is the error's text, which may quote a value: only the place is reported.
    const [place] = /[^/]*$/.exec(event.filename) ?? [];
    lost(place ? `crashed at "${place}:${event.lineno}"` : "crashed");
  };

  const pulse = setInterval(() => {
    if (unanswered >= timeouts.missed) return lost("did not answer any more");
    unanswered++;
    send({ type: "ping" });
  }, timeouts.pulse);
  undo.defer(() => clearInterval(pulse));

  let deadline: ReturnType<typeof setTimeout> | undefined;
  function setDeadline(why: string): void {
    deadline = setTimeout(() => lost(why), timeouts.stop);
  }
  undo.defer(() => clearTimeout(deadline));
  if (order.type === "clean") setDeadline("did not finish in time");

  function stop(): void {
    send({ type: "stop", reason: String(signal.reason) });
    setDeadline("did not stop in time");
  }
  signal.addEventListener("abort", stop);
  undo.defer(() => signal.removeEventListener("abort", stop));

  send(order);
  if (signal.aborted) stop();
  const owned = undo.move();
  return { ending: ending.finally(() => owned.dispose()), send };
}

function isLast(message: Message): message is LastMessage {
  return ["done", "failed", "answered", "unanswered"].includes(message.type);
}
