/** The files of `--rules`: read once, before anything in AWS, and all that is wrong with them said at once. @module */

import type { ReadRuleFile } from "../../core/rule_file.ts";
import type { Environment } from "../../scrub/rule_files/variables.ts";
import type { RuleFile, RuleFileProblem } from "../../scrub/rule_files/rule_file.ts";
import type { Scrubber } from "../../scrub/rules/definition.ts";
import { type Files, obstacleOf, readFileOf } from "../parse/files.ts";
import type { ParsedOptions } from "../parse/parsed_options.ts";
import { quoted, usageError } from "../parse/usage_error.ts";

/** Read where it exists and `--rules` is not given. */
export const defaultFolder = "/etc/datascrubber/rules.d";

const extension = /\.ya?ml$/;

/**
 * Every rule file that the options name.
 *
 * @throws {ScrubError} `usage`, with file, line and column of everything that is wrong with any of them.
 */
export async function readRuleFiles(
  parsed: ParsedOptions,
  environment: Environment,
  files: Files,
): Promise<readonly ReadRuleFile[]> {
  const named = parsed.list("rules");
  const label = parsed.label("rules");
  const paths = named.length > 0
    ? (await Promise.all(named.map((path) => pathsIn(path, label, files)))).flat()
    : await inDefaultFolder(files);
  return await readRulePaths([...new Set(paths)], label, environment, files);
}

/**
 * The rule files at these paths.
 *
 * @throws {ScrubError} as {@linkcode readRuleFiles} does.
 */
export async function readRulePaths(
  paths: readonly string[],
  label: string,
  environment: Environment,
  files: Files,
): Promise<readonly ReadRuleFile[]> {
  if (paths.length === 0) return [];
  // Loaded only here: most runs have no such file.
  const { parseRuleFile } = await import("../../scrub/rule_files/parse.ts");
  const { isSameDatabase } = await import("../../scrub/rule_files/registry.ts");
  const { scrubbers } = await import("../../../scrubbers/mod.ts");
  const read: ReadRuleFile[] = [];
  const wrong: string[] = [];
  const parsed: { readonly path: string; readonly file: RuleFile }[] = [];
  for (const path of paths) {
    const bytes = await readFileOf(label, path, files);
    const { file, databaseAt, problems } = parseRuleFile(bytes, { environment, scrubbers });
    wrong.push(...problems.map((problem) => problemLine(path, problem)));
    if (!file) continue;
    const other = parsed.find((one) => isSameDatabase(one.file, file));
    if (other) {
      const message = `${other.path} has rules for the same databases: ${quoted(other.file.database)}`;
      wrong.push(problemLine(path, { ...databaseAt, message }));
    }
    parsed.push({ path, file });
    read.push({ path, sha256: await sha256Of(bytes), scrubber: file.database, rules: file });
  }
  if (wrong.length === 0) return read;
  throw usageError(
    `Cannot use the rules: ${wrong.length === 1 ? "1 problem" : `${wrong.length} problems`}\n${wrong.join("\n")}`,
    "Correct the files; datascrubber rules check FILE checks them alone.",
  );
}

/** What a file holds, in a sentence. */
export function ruleFileText({ path, rules }: ReadRuleFile): string {
  const { database, engine, tables } = rules as RuleFile; // parse.ts has made it
  const count = Object.keys(tables).length;
  return `${quoted(path)} can be used: rules for ${quoted(database)} (${engine}), ${count} ${
    count === 1 ? "table" : "tables"
  }`;
}

/** The built-in scrubbers and those of files. */
export async function allScrubbers(ruleFiles: readonly ReadRuleFile[]): Promise<readonly Scrubber[]> {
  const { scrubbers } = await import("../../../scrubbers/mod.ts");
  if (ruleFiles.length === 0) return scrubbers;
  return (await import("../../scrub/rule_files/registry.ts")).scrubbersWith(scrubbers, ruleFiles);
}

/** `file:line:column: sentence`, as compilers write it and editors read it. */
function problemLine(path: string, { line, column, message }: RuleFileProblem): string {
  return `${path}:${line}:${column}: ${message}`;
}

async function pathsIn(path: string, label: string, files: Files): Promise<readonly string[]> {
  const names = await files.list(path).catch((cause) => {
    throw usageError(`Cannot read ${label}: ${quoted(path)} ${obstacleOf(cause)}`, "Name a readable file or folder.", {
      cause,
    });
  });
  if (!names) return [path];
  const found = ruleFilesOf(path, names);
  if (found.length > 0) return found;
  throw usageError(
    `Cannot use ${label}: the folder ${quoted(path)} has no file that ends in .yaml or .yml`,
    "Name a folder with rule files, or a file.",
  );
}

async function inDefaultFolder(files: Files): Promise<readonly string[]> {
  const names = await files.list(defaultFolder).catch((cause) => {
    if (cause instanceof Deno.errors.NotFound) return [];
    // A run without these rules would not be the one that was meant.
    throw usageError(
      `Cannot read the rules: ${quoted(defaultFolder)} ${obstacleOf(cause)}`,
      "Let this user read it, or name other rules with --rules.",
      { cause },
    );
  });
  return ruleFilesOf(defaultFolder, names ?? []);
}

function ruleFilesOf(folder: string, names: readonly string[]): readonly string[] {
  const base = folder.replace(/\/+$/, "");
  return names.filter((name) => extension.test(name) && !name.startsWith(".")).toSorted().map((name) =>
    `${base}/${name}`
  );
}

/** SHA-256 in hexadecimal, as a rule file's identity has it. */
export async function sha256Of(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
