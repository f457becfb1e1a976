/** The entries of a configuration file, loaded and read only where one is named. @module */

import type { Files } from "./files.ts";
import type { Entry } from "./parsed_options.ts";
import type { OptionName } from "../options/options.ts";
import { quoted, usageError } from "./usage_error.ts";

/** Reads the file at `path`. Throws an error of kind `usage` where it can't be read or understood in full. */
export async function configFileEntries(
  path: string,
  label: string,
  files: Files,
): Promise<ReadonlyMap<OptionName, Entry>> {
  const bytes = await files.read(path).catch((cause) => {
    throw usageError(`Cannot read ${label}: ${quoted(path)} is missing or not readable`, "Name a readable file.", {
      cause,
    });
  });
  // Loaded only here: --help needs no parser of YAML.
  const { parseConfigFile } = await import("./config_file.ts");
  return parseConfigFile(path, bytes);
}
