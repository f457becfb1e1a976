/** Scrubs whitehall: access-limited editions with all that belongs to them, and people's data. @module */

import type { Definition, SchemaFacts, Scrubber } from "../../lib/scrub/rules/definition.ts";
import { draftTables } from "./drafts.ts";
import { fileTables } from "./files.ts";
import { ownerTypes } from "./owners.ts";
import { peopleTables } from "./people.ts";
import { selections } from "./selections.ts";
import reviewed from "./reviewed.json" with { type: "json" };

/** Government publishing: editions, their files, and the staff who work on them. */
export const whitehall: Scrubber = {
  name: "whitehall",
  engine: "mysql",
  summary: "Replaces access-limited editions and their files, fact-check requests, internal notes and accounts",
  reviewed,
  define,
};

function define(schema: SchemaFacts): Definition {
  return {
    selections: selections(schema),
    knownValues: ownerTypes(schema),
    tables: { ...draftTables(schema), ...fileTables, ...peopleTables },
  };
}
