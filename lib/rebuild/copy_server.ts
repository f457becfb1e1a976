/** Fills a new instance from a scrubbed workspace by the server's own tools, as streams, and compares both. @module */

import { ScrubError } from "../core/errors.ts";
import type { Session } from "../engine/engine.ts";
import type { CopiedServer, ServerCopy, VerifiedCopy } from "./copied_server.ts";

export type { CopiedDatabase, CopiedServer, ServerCopy } from "./copied_server.ts";

/**
 * Copies accounts without their passwords, databases with all that is in them, and settings. Nothing of it is ever in a file here. When it
 * settles, no program runs any more; after a failure neither server is of use.
 *
 * @throws {ScrubError} `rebuild` where a program fails, or the servers are not equal in the end.
 */
export async function copyServer(copy: ServerCopy, signal: AbortSignal): Promise<CopiedServer> {
  signal.throwIfAborted();
  if (copy.from.user !== copy.to.user) {
    throw new ScrubError(
      "rebuild",
      `Cannot fill the new instance: its master user is "${copy.to.user}", and that of the workspace "${copy.from.user}"`,
      "Create the new instance with the master user of the workspace.",
    );
  }
  await using undo = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "datascrubber-ca-" });
  undo.defer(() => Deno.remove(folder, { recursive: true }));
  const caFiles = { from: `${folder}/from.pem`, to: `${folder}/to.pem` };
  await Deno.writeTextFile(caFiles.from, copy.from.ca);
  await Deno.writeTextFile(caFiles.to, copy.to.ca);
  return await copyOf({ ...copy, caFiles }, signal);
}

/**
 * Refuses before the scrub what would end a copy of these databases after it. `session`: the master user's, on the workspace.
 *
 * @throws {ScrubError} `rebuild`, naming objects.
 */
export async function refuseUncopied(
  engine: ServerCopy["engine"],
  session: Session,
  databases: readonly string[],
): Promise<void> {
  if (engine !== "mysql") return;
  await (await import("./mysql/obstacles.ts")).refuseSystemDefiners(session, databases);
}

async function copyOf(copy: VerifiedCopy, signal: AbortSignal): Promise<CopiedServer> {
  switch (copy.engine) {
    case "postgresql":
      return await (await import("./postgresql/copy.ts")).copyPostgresql(copy, signal);
    case "mysql":
      return await (await import("./mysql/copy.ts")).copyMysql(copy, signal);
    default:
      return copy.engine satisfies never;
  }
}
