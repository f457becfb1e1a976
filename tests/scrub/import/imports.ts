/** What an import comes to, for tests of every format. @module */

import { assertEquals } from "@std/assert";
import type { EngineName } from "../../../lib/core/engine_name.ts";
import type { ImportedRules } from "../../../lib/core/imported_rules.ts";
import { importFile } from "../../../lib/scrub/import/import_file.ts";
import { parseRuleFile } from "../../../lib/scrub/rule_files/parse.ts";
import type { RuleFile } from "../../../lib/scrub/rule_files/rule_file.ts";

/** Imports a text as a file called `old.yaml` for `new.yaml`. */
export function imported(text: string, engine?: EngineName): ImportedRules {
  const bytes = new TextEncoder().encode(text);
  return importFile({ bytes, path: "old.yaml", database: "new", ...(engine !== undefined && { engine }) });
}

/** The rule file as its own parser reads it: without a problem. */
export function rulesOf({ text }: ImportedRules): RuleFile {
  const { file, problems } = parseRuleFile(new TextEncoder().encode(text), { environment: {}, scrubbers: [] });
  assertEquals(problems, []);
  if (!file) throw new TypeError("no file");
  return file;
}

/** A column's rule: a strategy's name, or a mapping from it to its parameter; undefined where there is none. */
export function ruleOf(rules: ImportedRules, table: string, column: string): unknown {
  const found = rulesOf(rules).tables[table];
  const rule = found && "columns" in found ? found.columns[column] : undefined;
  return rule && (rule.with === undefined ? rule.strategy : { [rule.strategy]: rule.with });
}

/** The text of a fixture beside this file. */
export async function fixture(name: string): Promise<string> {
  return await Deno.readTextFile(new URL(name, import.meta.url));
}
