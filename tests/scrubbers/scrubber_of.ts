/** Which scrubber a fixture's schema belongs to. @module */

import type { Scrubber } from "../../lib/scrub/rules/definition.ts";
import { scrubbers } from "../../scrubbers/mod.ts";
import type { SchemaName } from "../fixtures/load.ts";

/** The scrubber for a fixture. */
export function scrubberOf(name: SchemaName): Scrubber {
  const found = scrubbers.find((scrubber) => name.startsWith(scrubber.name.replaceAll("-", "_")));
  if (!found) throw new TypeError(`No scrubber for ${name}`);
  return found;
}
