/** The password of a database by URL, asked for on the terminal. @module */

import { ScrubError } from "../../core/errors.ts";
import { type LiveRequest, passwordPlaces } from "../../core/live_database.ts";
import { visible } from "../../core/visible.ts";
import { printError } from "./console.ts";

/**
 * The request with a password: where it has none, a terminal is asked. Without a terminal, and on an empty answer, the server
 * decides whether it lets the user in without one.
 *
 * @throws {ScrubError} `usage` where there is still none for a server whose certificate is verified: it is another machine's.
 */
export async function withPassword(request: LiveRequest): Promise<LiveRequest> {
  const { engine, host, user, password: known, tls } = request.target;
  const notes = request.passwordNotes.map((note) => `${note.slice(0, 1).toUpperCase()}${note.slice(1)}.`);
  if (known !== "") return request;
  // promptSecret() writes to standard output, where a program may be waiting for JSON.
  const canAsk = [Deno.stdin, Deno.stdout, Deno.stderr].every((stream) => stream.isTerminal());
  const password = canAsk ? await ask(`Password of ${visible(user)} at ${visible(host)}, empty for none:`) : "";
  if (password === "" && tls === "verified") {
    throw new ScrubError(
      "usage",
      `Cannot log in at "${visible(host)}": no password was given`,
      [`Put it into ${passwordPlaces[engine]}, or the whole URL into DATASCRUBBER_URL.`, ...notes].join(" "),
    );
  }
  if (password === "") { for (const note of notes) printError(`${note}\n`); }
  return { ...request, target: { ...request.target, password } };
}

/** Loaded only here: most commands ask nothing. */
async function ask(question: string): Promise<string> {
  const { promptSecret } = await import("@std/cli/prompt-secret");
  return promptSecret(question, { mask: "" }) ?? "";
}
