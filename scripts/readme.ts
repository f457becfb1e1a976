/** Writes the READMEs' tables that the code's own tables say: `deno task readme`. @module */

import { root } from "./compile/bundle.ts";
import { readmeTables, withTable } from "./readme/tables.ts";

if (import.meta.main) {
  for (const table of readmeTables) {
    const path = `${root}/${table.path}`;
    await Deno.writeTextFile(path, withTable(await Deno.readTextFile(path), table));
  }
}
