/** Tables in lib/rds/README.md that are generated from the code. @module */

import { assertEquals } from "@std/assert";

/** A table in Markdown. */
export function markdownTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  return [columns, columns.map(() => "---"), ...rows].map(line).join("");
}

/** Fails, and prints what is wanted, unless the README has exactly this between `<!-- NAME -->` and `<!-- end of NAME -->`. */
export async function assertInReadme(name: string, wanted: string): Promise<void> {
  const readme = await Deno.readTextFile(new URL("../../lib/rds/README.md", import.meta.url));
  const [, after = ""] = readme.split(`<!-- ${name} -->`);
  const [found = ""] = after.split(`<!-- end of ${name} -->`);
  const plain = (text: string) => text.replaceAll(/ +/g, " ").replaceAll(/-{3,}/g, "---").trim();
  assertEquals(plain(found), plain(wanted), wanted);
}
