/** The built-in scrubbers and those of rule files, by explicit rules. @module */

import type { ReadRuleFile } from "../../core/rule_file.ts";
import { applicationName } from "../coverage/assignment.ts";
import type { Scrubber } from "../rules/definition.ts";
import { meant, quote } from "./check.ts";
import type { RuleFile } from "./rule_file.ts";
import { scrubberOf } from "./scrubber.ts";

/** Something wrong with what a file says of scrubbers, and the key that says it. */
export interface RegistryProblem {
  readonly key: "database" | "extends" | "replaces";
  readonly message: string;
}

/** What is wrong with a file's place among the built-in scrubbers. */
export function registryProblem(
  { database, engine, extends: base, replaces }: Pick<RuleFile, "database" | "engine" | "extends" | "replaces">,
  builtIns: readonly Scrubber[],
): RegistryProblem | undefined {
  for (const [key, name] of [["extends", base], ["replaces", replaces]] as const) {
    if (name === undefined) continue;
    const found = builtIns.find((one) => one.name === name);
    if (!found) {
      const names = builtIns.map(({ name }) => name);
      const hint = meant(name, names) || (names.length > 0 ? `; there are ${names.join(", ")}` : "");
      return { key, message: `there is no built-in scrubber ${quote(name)}${hint}` };
    }
    if (found.engine !== engine) return { key, message: `the scrubber ${quote(name)} is for ${found.engine}` };
    if (key === "replaces" && applicationName(name) !== applicationName(database)) {
      return { key, message: `a file replaces the scrubber of its own database, and ${quote(name)} is another's` };
    }
  }
  const same = builtIns.find((one) => one.engine === engine && isSame(one.name, database));
  if (!same || same.name === base || same.name === replaces) return undefined;
  return {
    key: "database",
    message: `there is a built-in scrubber ${quote(same.name)}: say extends: ${same.name} or replaces: ${same.name}`,
  };
}

/** Whether two files are for the same databases. */
export function isSameDatabase(
  one: Pick<RuleFile, "database" | "engine">,
  other: Pick<RuleFile, "database" | "engine">,
): boolean {
  return one.engine === other.engine && isSame(one.database, other.database);
}

function isSame(one: string, other: string): boolean {
  return applicationName(one) === applicationName(other);
}

/** The scrubbers in force: those of files, and the built-in ones that no file extends or replaces for the same databases. */
export function scrubbersWith(builtIns: readonly Scrubber[], files: readonly ReadRuleFile[] = []): readonly Scrubber[] {
  const own = files.map(({ path, sha256, rules }): Scrubber => {
    const file = rules as RuleFile; // parse.ts has made it
    const base = builtIns.find(({ name }) => name === file.extends);
    return { ...scrubberOf(file, base), file: { path, sha256 } };
  });
  const left = builtIns.filter(({ name, engine }) =>
    !own.some((one) => one.engine === engine && isSame(one.name, name))
  );
  return [...left, ...own];
}
