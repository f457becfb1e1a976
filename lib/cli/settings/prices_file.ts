/** The table of prices that estimates are made with. @module */

import type { PriceTable } from "../../report/estimate/prices.ts";
import { decodeText, type Files, readFileOf } from "../parse/files.ts";
import type { ParsedOptions } from "../parse/parsed_options.ts";
import { quoted, usageError } from "../parse/usage_error.ts";

/**
 * The table of `--prices`; undefined without the option.
 *
 * @throws {ScrubError} `usage` if the file cannot be read or is no table of prices.
 */
export async function readPrices(parsed: ParsedOptions, files: Files): Promise<PriceTable | undefined> {
  const path = parsed.text("prices");
  if (path === undefined) return undefined;
  const label = parsed.label("prices");
  const text = decodeText(await readFileOf(label, path, files));
  // Loaded only here: most command lines name no table.
  const { isPriceTable } = await import("../../report/estimate/prices.ts");
  const table = jsonOf(text);
  if (isPriceTable(table)) return table;
  throw usageError(
    `Cannot use ${label}: ${quoted(path)} is no table of prices`,
    'Write JSON such as { "currency": "USD", "date": "2026-11-01", "source": "our contract", "regions": { "eu-west-1": ' +
      '{ "instances": { "postgresql": { "db.r6g.large": 0.25 } }, "storage": { "gp3": 0.127 }, "snapshots": 0.095 } } }.',
  );
}

function jsonOf(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
