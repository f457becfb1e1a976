/** What an operator is told where two rows got the same new value under a unique key. @module */

import { DatabaseError, serverCodeOf } from "../../engine/database_error.ts";
import type { Table } from "../../engine/schema.ts";

/** The engines' codes for a value that a unique key has already. */
const codes: ReadonlySet<string> = new Set(["23505", "ER_DUP_ENTRY"]);

/** The error with the columns of the key, where it is about a key of this table; any other error as it is. */
export function explainCollision(error: unknown, { id, uniqueKeys }: Table): unknown {
  if (!(error instanceof DatabaseError) || !codes.has(serverCodeOf(error) ?? "")) return error;
  const key = uniqueKeys.find(({ name }) => error.message.includes(`"${name}"`) || error.message.includes(`.${name}"`));
  if (!key) return error;
  const columns = key.columns.map((column) => `${id}.${column}`).join(" and ");
  return new DatabaseError(
    error.code,
    error.serverCode,
    `Cannot scrub ${columns}: two rows got the same new value, which the unique key "${key.name}" forbids (${error.serverCode})`,
    "Use a strategy with more values on it, such as opaque (datascrubber strategies lists them), then run again.",
  );
}
