import type { EngineName } from "../../lib/core/engine_name.ts";
import type { BenchCase } from "./cases.ts";

/** How many marks stand where. */
export interface Marks {
  readonly tables: number;
  /** Write-ahead or redo log. */
  readonly log: number;
  readonly undo: number;
  readonly elsewhere: number;
}

/** What every sensitive value of the cases begins with. */
export const mark = "zmark";

/** Counts occurrences byte by byte; values that the server compresses show one of them at most. */
export async function countMarks({ engine, database }: BenchCase, dataDir: string): Promise<Marks> {
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", `grep -raoF -- ${mark} . | cut -d: -f1 | uniq -c`],
    cwd: dataDir,
    env: { LC_ALL: "C" },
    stdin: "null",
    stderr: "null",
  }).output();
  const counts = { tables: 0, log: 0, undo: 0, elsewhere: 0 };
  for (const [, count, path = ""] of new TextDecoder().decode(stdout).matchAll(/^ *(\d+) (.*)$/gm)) {
    counts[place(engine, database, path)] += Number(count);
  }
  return counts;
}

function place(engine: EngineName, database: string, path: string): keyof Marks {
  if (engine === "postgresql") {
    if (path.startsWith("./base/")) return "tables";
    return path.startsWith("./pg_wal/") ? "log" : "elsewhere";
  }
  if (path.startsWith("./#innodb_redo/")) return "log";
  if (path.startsWith("./undo_")) return "undo";
  return path.startsWith(`./${database}/`) ? "tables" : "elsewhere";
}
