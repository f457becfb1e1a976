/** Two programs, one of which reads what the other writes: which ends count. @module */

import { assertEquals } from "@std/assert";
import { ProgramFailure, runPipe } from "../../lib/rebuild/pipe.ts";

/** Waits until the program that wrote its process's number into the file has ended. */
const untilEnded = 'until [ -s "$1" ]; do :; done; while kill -0 "$(cat "$1")" 2>/dev/null; do :; done';
const readsThree = 'head -c 3 >/dev/null; echo $$ >"$1.new"; mv "$1.new" "$1"';

const cases: readonly (readonly [what: string, dump: string, load: string, outcome: number | string])[] = [
  ["both end well", "printf abc", "cat >/dev/null", 3],
  ["the reader has all that it needs before the writer ends", `printf abc; ${untilEnded}`, readsThree, 3],
  ["the reader ends before it has read everything", `printf abc; ${untilEnded}; printf def`, readsThree, "load 0"],
  ["the writer fails after the reader has ended", `printf abc; ${untilEnded}; exit 4`, readsThree, "dump 4"],
  ["the writer fails", "printf abc; exit 5", "cat >/dev/null", "dump 5"],
  ["the reader fails, and the writer would never end", "while :; do echo abc; done", "exit 6", "load 6"],
];

for (const [what, dump, load, outcome] of cases) {
  Deno.test(`a pipe in which ${what}: ${outcome}`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      const call = (text: string) => ({ program: "sh", args: ["-c", text, "sh", `${folder}/number`], env: {} });
      const piped = runPipe(
        { dump: { ...call(dump), stdin: "" }, load: call(load), onBytes: () => {} },
        new AbortController().signal,
      );
      const came = await piped.catch((error: unknown) => {
        if (!(error instanceof ProgramFailure)) throw error;
        return `${error.which} ${error.code}`;
      });
      assertEquals(came, outcome);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}
