/** Refuses to scrub a database by URL where it looks like production's, is in use, or the user lacks what a scrub needs. @module */

import type { Engine, Session } from "../engine/engine.ts";
import { ScrubError } from "../core/errors.ts";

/**
 * Refuses a server that looks like one of production, a database that others use, and a user who lacks rights, all at once.
 * Reads only.
 *
 * @param allowManaged Whether the server may be a managed one of a cloud.
 * @throws {ScrubError} `protected`, or `privileges` where it is only for those, with every reason.
 */
export async function refuseLiveServer(
  { live }: Engine,
  session: Session,
  { allowManaged }: { readonly allowManaged: boolean },
): Promise<void> {
  const swaps = await live.interrupted(session);
  if (swaps.length > 0) throw interrupted(session, swaps);
  const signs = (await live.productionSigns(session)).filter(({ managed }) => !(managed && allowManaged));
  const others = await live.otherSessions(session);
  const missing = await live.missingRights(session);
  const reasons = [
    ...signs.map(({ why }) => `the server looks like one of production: ${why}`),
    ...(others === undefined ? [] : [`it is in use by ${others}`]),
    ...missing.map((right) => `the user ${right}`),
  ];
  if (reasons.length === 0) return;
  const onlyManaged = signs.length > 0 && signs.every(({ managed }) => managed);
  const hints = [
    ...(signs.length === 0 ? [] : [
      onlyManaged
        ? "Scrub a copy on a server of your own; or allow this host on purpose with --unprotected HOST."
        : "Scrub a copy on a server without replicas.",
    ]),
    ...(others === undefined ? [] : ["End the other sessions, or stop what they belong to."]),
    ...(missing.length === 0 ? [] : ["Take a user who has these rights, such as a superuser of your own server."]),
  ];
  throw new ScrubError(
    signs.length > 0 || others !== undefined ? "protected" : "privileges",
    `Cannot scrub database "${session.database}": ${reasons.join("; ")}`,
    `Nothing was changed. ${hints.join(" ")}`,
  );
}

/** Before the rules are held against the schema, from which a table is missing. */
function interrupted({ database }: Session, statements: readonly string[]): ScrubError {
  return new ScrubError(
    "unfinished",
    `Cannot scrub database "${database}": an earlier scrub was killed while it replaced ${statements.length} of its tables`,
    `Nothing was changed by this run. Run as they are: ${
      statements.join("; ")
    }. Then scrub it again, or drop it: it may hold personal data, and ` +
      "lack triggers of these tables.",
  );
}

/**
 * Refuses a database that others use by now: what they write, nothing scrubs or verifies.
 *
 * @throws {ScrubError} `sessions`.
 */
export async function refuseOtherSessions({ live }: Engine, session: Session): Promise<void> {
  const others = await live.otherSessions(session);
  if (others === undefined) return;
  throw new ScrubError(
    "sessions",
    `Cannot scrub database "${session.database}": by now it is in use by ${others}`,
    "Stop what they belong to, then run again.",
  );
}
