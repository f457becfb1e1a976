/** The server's coordinate systems: five thousand of its rows are published reference data, but people add rows of their own. @module */

import { isChosen } from "../../engine/counters.ts";
import type { Session } from "../../engine/engine.ts";
import type { FoundObject } from "../../engine/schema_objects.ts";
import { joinSql, type Sql, trusted } from "../../engine/sql.ts";
import { withDecodedLiterals } from "../sql/decoded_literals.ts";
import { sql, textLiteral } from "../sql/literals.ts";

/** The text ends with the number that its organisation gave it. */
const all = sql`SELECT 'spatial reference system' AS kind, CAST(srs_id AS CHAR) AS name,
    CONVERT(CONCAT_WS(' ', JSON_QUOTE(srs_name), JSON_QUOTE(organization), definition, JSON_QUOTE(description),
      organization_coordsys_id) USING utf8mb4) AS body
  FROM information_schema.st_spatial_reference_systems`;

/** What is to be looked at among all coordinate systems of a server. */
interface Suspects {
  /** Those that hold something, with their free text. Of a definition, only quoted text is, and its whole numbers, which are short or round. */
  readonly objects: readonly FoundObject[];
  /** Numbers of those whose text may hold a token. */
  readonly searched: readonly string[];
}

/** By a digest of all of them: reading two megabytes takes longer than the rest of a small server's inventory, and nothing changes them. */
const looked = new Map<string, Suspects>();

/** Those in which something was found. */
export async function readReferenceSystems(session: Session): Promise<readonly FoundObject[]> {
  return (await suspects(session)).objects;
}

/**
 * A query for the kind, number and text of those whose text may hold a token; undefined where there is none. The server takes ten
 * times as long to find no token in all of them.
 */
export async function referenceSystemsToSearch(session: Session): Promise<Sql | undefined> {
  const { searched } = await suspects(session);
  if (searched.length === 0) return undefined;
  return sql`SELECT kind, name, body FROM (${all}) AS one
    WHERE name IN (${joinSql(searched.map((name) => textLiteral(name)), ", ")})`;
}

/** Lengths first, so that no two systems are the same text. Not {@linkcode all}: to quote takes the server longer than to hash. */
const digestOfAll = (() => {
  const texts = ["srs_name", "organization", "definition", "description"].map((name) => trusted(name));
  const parts = [
    sql`srs_id`,
    sql`COALESCE(organization_coordsys_id, -1)`,
    ...texts.map((text) => sql`COALESCE(LENGTH(${text}), -1)`),
    ...texts.map((text) => sql`COALESCE(${text}, '')`),
  ];
  return sql`SELECT CONCAT_WS(' ', COUNT(*), HEX(BIT_XOR(UNHEX(SHA2(CONCAT_WS(' ', ${
    joinSql(parts, ", ")
  }), 256))))) AS digest FROM information_schema.st_spatial_reference_systems`;
})();

async function suspects(session: Session): Promise<Suspects> {
  const [row] = await session.query(digestOfAll);
  const digest = String(row?.digest);
  const known = looked.get(digest) ?? await lookAtAll(session);
  looked.set(digest, known);
  return known;
}

async function lookAtAll(session: Session): Promise<Suspects> {
  const { personalIn } = await import("../../engine/personal_text.ts");
  const rows = (await session.query(all)).map(({ name, body }) => ({ name: String(name), body: String(body) }));
  const objects = rows.flatMap(({ name, body }): readonly FoundObject[] => {
    const quoted = [...body.matchAll(/"([^"]*)"/g)].map(([, text]) => text);
    const [numberOfOrganisation = "0"] = /\d+$/.exec(body) ?? [];
    const numbers = [...body.replaceAll(/"[^"]*"/g, '""').matchAll(/(?<![\d.])\d{8,}/g)].map(String);
    const isIdentifier = [name, numberOfOrganisation, ...numbers].some(isUnchosen);
    const text = withDecodedLiterals(quoted.join("\n"));
    if (!isIdentifier && personalIn(text).length === 0) return [];
    return [{
      kind: "spatial reference system",
      name,
      text: { body: text },
      ...(isIdentifier && { holds: ["identifier"] as const }),
    }];
  });
  return { objects, searched: rows.filter(({ body }) => mayHoldToken(body)).map(({ name }) => name) };
}

/** Whether it is a number such as people are given, not one that was chosen for a system. The server's own have eight digits at most. */
function isUnchosen(number: string): boolean {
  return Number(number) > 100_000_000 && !isChosen(BigInt(number));
}

/** Whether it has a long word with a letter and a digit, or a sign of an address or of an encoding: without them a text holds no token. */
function mayHoldToken(text: string): boolean {
  if (/[^ -~]|[@%\\&=]/.test(text)) return true;
  return text.split(/[^A-Za-z0-9_-]+/).some((word) => word.length >= 16 && /[0-9]/.test(word) && /[A-Za-z]/.test(word));
}
