/** The server's coordinate systems: five thousand of its rows are published reference data, but people add rows of their own. @module */

import { isChosen } from "../../engine/counters.ts";
import type { Session } from "../../engine/engine.ts";
import type { FoundObject } from "../../engine/schema_objects.ts";
import { joinSql, type Sql } from "../../engine/sql.ts";
import { withDecodedLiterals } from "../sql/decoded_literals.ts";
import { sql, textLiteral } from "../sql/literals.ts";

/** The text ends with the number that its organisation gave it. */
const all = sql`SELECT 'spatial reference system' AS kind, CAST(srs_id AS CHAR) AS name,
    CONVERT(CONCAT_WS(' ', JSON_QUOTE(srs_name), JSON_QUOTE(organization), definition, JSON_QUOTE(description),
      organization_coordsys_id) USING utf8mb4) AS body
  FROM information_schema.st_spatial_reference_systems`;

/** Every one, with its free text. Of a definition, which holds numbers of any shape, only quoted text is. */
export async function readReferenceSystems(session: Session): Promise<readonly FoundObject[]> {
  const rows = await session.query(all);
  return rows.map(({ name, body }): FoundObject => {
    const quoted = [...String(body).matchAll(/"([^"]*)"/g)].map(([, text]) => text);
    const [numberOfOrganisation = "0"] = /\d+$/.exec(String(body)) ?? [];
    return {
      kind: "spatial reference system",
      name: String(name),
      text: { body: withDecodedLiterals(quoted.join("\n")) },
      ...([String(name), numberOfOrganisation].some(isUnchosen) && { holds: ["identifier"] as const }),
    };
  });
}

/** Whether it is a number such as people are given, not one that was chosen for a system. The server's own have eight digits at most. */
function isUnchosen(number: string): boolean {
  return Number(number) > 100_000_000 && !isChosen(BigInt(number));
}

/** A long word with a letter and a digit, or a sign of an address or of an encoding: without them a text holds no token. */
const mayHoldToken = /[^ -~]|[@%\\&=]|(?=[A-Za-z_-]*[0-9])(?=[0-9_-]*[A-Za-z])[A-Za-z0-9_-]{16}/;

/**
 * A query for the kind, number and text of those whose text may hold a token; undefined where there is none. The server takes ten
 * times as long to find no token in all of them.
 */
export async function referenceSystemsToSearch(session: Session): Promise<Sql | undefined> {
  const rows = (await session.query(all)).filter(({ body }) => mayHoldToken.test(String(body)));
  if (rows.length === 0) return undefined;
  return sql`SELECT kind, name, body FROM (${all}) AS one
    WHERE name IN (${joinSql(rows.map(({ name }) => textLiteral(String(name))), ", ")})`;
}
