/** Imports a file of another tool, recognised by its shape. @module */

import type { EngineName } from "../../core/engine_name.ts";
import { ScrubError } from "../../core/errors.ts";
import type { ImportedRules } from "../../core/imported_rules.ts";
import { isDbToolsBundle, readDbToolsBundle } from "./db_tools_bundle.ts";
import { isGreenmask, readGreenmask } from "./greenmask.ts";
import { OldFileProblem, type OldNode, readOldFile } from "./old_file.ts";
import { isPynonymizer, readPynonymizer } from "./pynonymizer.ts";
import { RulesBuilder } from "./rules_builder.ts";

/** What an import needs. */
export interface ImportSource {
  readonly bytes: Uint8Array;
  /** Where they come from, for messages. */
  readonly path: string;
  /** The server, where the user says it. */
  readonly engine?: EngineName;
  /** The application's name where the file does not say it. */
  readonly database: string;
}

/**
 * Imports a file.
 *
 * @throws {ScrubError} `usage` on a file that is not wholly understood: with its line.
 */
export function importFile(source: ImportSource): ImportedRules {
  try {
    return readRules(readOldFile(source.bytes), source);
  } catch (error) {
    if (!(error instanceof OldFileProblem)) throw error;
    throw new ScrubError(
      "usage",
      `Cannot import ${JSON.stringify(source.path)}: line ${error.line}: ${error.message}`,
      "Correct the file, and import it again.",
    );
  }
}

function readRules(root: OldNode, source: ImportSource): ImportedRules {
  const rules = new RulesBuilder();
  if (isGreenmask(root)) {
    const { database } = readGreenmask(root, rules);
    return rules.result("Greenmask", applicationOf(database ?? source.database), source.engine ?? "postgresql");
  }
  if (isPynonymizer(root)) {
    const engine = engineOf("pynonymizer", source);
    readPynonymizer(root, engine, rules);
    return rules.result("pynonymizer", applicationOf(source.database), engine);
  }
  if (!root.entries?.has("engine") && isDbToolsBundle(root)) {
    const engine = engineOf("DbToolsBundle", source);
    readDbToolsBundle(root, rules);
    return rules.result("DbToolsBundle", applicationOf(source.database), engine);
  }
  throw new OldFileProblem(root.line, unknownShape(root));
}

/** These files do not say which server they are for. */
function engineOf(tool: string, { path, engine }: ImportSource): EngineName {
  if (engine !== undefined) return engine;
  throw new ScrubError(
    "usage",
    `Cannot import ${JSON.stringify(path)}: a file of ${tool} does not say for which server it is`,
    "Add --engine postgresql or --engine mysql.",
  );
}

function unknownShape({ entries }: OldNode): string {
  if (entries?.has("database") && entries.has("engine")) return "it is a rule file of datascrubber already";
  return "it is none of the files that can be imported: a configuration of Greenmask (dump.transformation), a strategy " +
    "file of pynonymizer (tables), or an anonymization of DbToolsBundle (TABLE: { COLUMN: ANONYMIZER })";
}

/** Rules are for an application's databases of all environments. */
function applicationOf(database: string): string {
  return database.replace(/[_-](?:production|staging|integration|development)$/, "");
}
