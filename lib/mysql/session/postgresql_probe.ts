/**
 * Recognises PostgreSQL behind a port where MySQL was expected. PostgreSQL waits for its client to speak and MySQL's client for
 * the server, so that without a question each waits for the other until a time-out.
 *
 * @module
 */

import { connect } from "node:net";

/** Milliseconds in which a MySQL server has greeted, even one that looks the client's name up. */
const greetingTime = 2_000;

/** PostgreSQL's request for TLS: its length, and a code that no version of the protocol has. */
const tlsRequest = new Uint8Array([0, 0, 0, 8, 4, 210, 22, 47]);

/** Resolves with true when a PostgreSQL server has answered; never, where none does. Aborting the signal ends it. */
export function whenPostgresqlAnswers(
  { host, port }: { readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<true> {
  const { promise, resolve } = Promise.withResolvers<true>();
  if (signal.aborted) return promise;
  const timer = setTimeout(() => {
    const socket = connect({ host, port });
    signal.addEventListener("abort", () => socket.destroy());
    socket.on("error", () => socket.destroy());
    socket.once("connect", () => socket.write(tlsRequest));
    socket.once("data", (answer: Uint8Array) => {
      socket.destroy();
      if (answer.length === 1 && "SN".includes(String.fromCharCode(answer[0] ?? 0))) resolve(true);
    });
  }, greetingTime);
  signal.addEventListener("abort", () => clearTimeout(timer));
  return promise;
}
