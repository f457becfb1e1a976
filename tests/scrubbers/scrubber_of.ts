/** Which scrubber a fixture's schema belongs to, and what it declares there. @module */

import { findColumn, findTable, type Schema } from "../../lib/engine/schema.ts";
import type { Definition, Scrubber } from "../../lib/scrub/rules/definition.ts";
import { scrubbers } from "../../scrubbers/mod.ts";
import type { SchemaName } from "../fixtures/load.ts";

/** The scrubber for a fixture. */
export function scrubberOf(name: SchemaName): Scrubber {
  const found = scrubbers.find((scrubber) => name.startsWith(scrubber.name.replaceAll("-", "_")));
  if (!found) throw new TypeError(`No scrubber for ${name}`);
  return found;
}

/** What a scrubber declares for a schema. */
export function definitionFor(scrubber: Scrubber, schema: Schema): Definition {
  return scrubber.define({
    has(name, column) {
      const table = findTable(schema, name);
      return table !== undefined && (column === undefined || findColumn(table, column) !== undefined);
    },
  });
}
