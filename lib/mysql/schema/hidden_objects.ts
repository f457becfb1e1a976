/** Privileges without which the server leaves objects out of INFORMATION_SCHEMA instead of refusing to show them. @module */

import type { Session } from "../../engine/engine.ts";
import { ScrubError } from "../../core/errors.ts";
import { sql } from "../sql/literals.ts";

/** Without SELECT databases, tables and routines are hidden, without the others what they are called by. */
const showing = ["SELECT", "TRIGGER", "EVENT"];

/**
 * Refuses a master user who may not see every object of the server: what is hidden would pass for not being there. That it has lost
 * a privilege on one database alone is found where databases are listed.
 *
 * @throws {ScrubError} `refused`
 */
export async function refuseHiddenObjects(session: Session): Promise<void> {
  const everywhere = await globalPrivileges(session);
  const missing = everywhere.has("ALL PRIVILEGES") ? [] : showing.filter((privilege) => !everywhere.has(privilege));
  if (missing.length === 0) return;
  throw new ScrubError(
    "catalogue",
    `Cannot know what is on the server: the server may hide objects from the master user, which has no global privilege ` +
      missing.join(", "),
    "Give the master user its privileges back in production: on RDS a new master password does.",
    { inPlace: "Grant the user these privileges on *.*, or take one who has them." },
  );
}

/** The user's privileges on the whole server, those of its active roles among them. MySQL lists its dynamic ones without spaces. */
export async function globalPrivileges(session: Session): Promise<ReadonlySet<string>> {
  const grants = (await session.query(sql`SHOW GRANTS`)).flatMap((row) => Object.values(row).map(String));
  return new Set(grants.flatMap((grant) => /^GRANT (.*) ON \*\.\* TO /.exec(grant)?.[1]?.split(/, ?/) ?? []));
}
