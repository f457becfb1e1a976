/** Says what a column holds, by its name and, where they were read, its values. The one source of guesses. @module */

import type { Column, Schema, Table } from "../../engine/schema.ts";
import { findByName } from "./by_name.ts";
import type { ValueFinding } from "./by_value.ts";
import type { Finding } from "./classes.ts";

/** What a column seems to hold; undefined where nothing says that it is personal. `seen`: what its values say. */
export function classify(schema: Schema, table: Table, column: Column, seen?: ValueFinding): Finding | undefined {
  const named = findByName(schema, table, column);
  const { finding: valued, codes = false } = seen ?? {};
  if (!valued) {
    // A list of codes is no text that people write, whatever its table; but it may be `female` and `male`.
    return named?.confidence === "possible" && codes && named.holds !== "sensitive" ? undefined : named;
  }
  if (!named) return valued;
  // Dates and digits are often taken for numbers that are dialled, and texts hold anything: there the name says more.
  const vague = valued.holds === "phone" || valued.holds === "token" || valued.holds === "freeText" ||
    valued.holds === "personName";
  if (named.holds === valued.holds || named.confidence === "certain" || (vague && named.confidence === "likely")) {
    return { holds: named.holds, confidence: "certain", evidence: `${named.evidence}; ${valued.evidence}` };
  }
  return { ...valued, evidence: `${valued.evidence}; ${named.evidence}` };
}
