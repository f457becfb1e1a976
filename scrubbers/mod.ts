/** Every scrubber of the program. To add one: import it, list it. @module */

import type { Scrubber } from "../lib/scrub/rules/definition.ts";
import { emailAlertApi } from "./email_alert_api/mod.ts";
import { publishingApi } from "./publishing_api/mod.ts";
import { whitehall } from "./whitehall/mod.ts";

/** The registry: an explicit list, in the order in which it is printed. */
export const scrubbers: readonly Scrubber[] = registry([emailAlertApi, publishingApi, whitehall]);

/** Returns the list. Throws a TypeError where two entries match the same database: a mistake in this program. */
export function registry(entries: readonly Scrubber[]): readonly Scrubber[] {
  const seen = new Set<string>();
  for (const { engine, name } of entries) {
    const key = `${engine} ${name.toLowerCase().replaceAll("-", "_")}`;
    if (seen.has(key)) {
      throw new TypeError(`Cannot list the scrubber "${name}" twice for ${engine}`);
    }
    seen.add(key);
  }
  return entries;
}
