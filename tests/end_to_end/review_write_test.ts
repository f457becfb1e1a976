/** `review --write` on a terminal: what is answered ends up in the rule file, and a run accepts it. */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { runProgram } from "../fleet/program.ts";
import { canOpenTerminals } from "../report/display/pseudo_terminal.ts";
import { ordersStage } from "./orders_stage.ts";

const { urls, folder } = await ordersStage(
  "CREATE TABLE customers (id serial PRIMARY KEY, email varchar(80), size varchar(9))",
);

const can = await canOpenTerminals();
const note = can ? "" : " (left out: there is no script(1) of util-linux)";

for (const engine of ["postgresql", "mysql"] as const) {
  Deno.test(`answers are written to the rule file, after which everything is classified: ${engine}${note}`, async () => {
    if (!can) return;
    const path = `${folder}/${engine}.yaml`;
    const head = `# shop\ndatabase:   orders\nengine: ${engine}\n`;
    await Deno.writeTextFile(path, head, { mode: 0o640 });
    const { code, screen } = await reviewOnTerminal(urls[engine], ["--rules", path, "--write"], [
      { after: /1 of 2[^]*Enter\)/, type: "r" },
      { after: /2 of 2[^]*Enter\)/, type: "k" },
      { after: /\(by\)/, type: "me" },
      { after: /\(source\)/, type: "the code" },
      { after: /Why can/, type: "shoes" },
    ]);
    assertEquals(code, 0, screen);
    assertEquals(
      await Deno.readTextFile(path),
      `${head}tables:\n  customers:\n    email: email\nreviewed:\n` +
        "  - { table: customers, column: size, type: text, reason: shoes, by: me, source: the code }\n",
    );
    assertEquals(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o640);
    const again = await runProgram(["review", "--rules", path], { DATASCRUBBER_URL: urls[engine] });
    assertEquals(again.code, 0, again.stdout);
  });
}

Deno.test(`a rule file that changed while questions were answered is left as it is${note}`, async () => {
  if (!can) return;
  const path = `${folder}/changed.yaml`;
  const head = "database: orders\nengine: postgresql\n";
  await Deno.writeTextFile(path, head);
  const changed = `${head}# by another person\n`;
  const { code, screen } = await reviewOnTerminal(urls.postgresql, ["--rules", path, "--write"], [
    { after: /1 of 2[^]*Enter\)/, type: "r", before: () => Deno.writeTextFile(path, changed) },
    { after: /2 of 2[^]*Enter\)/, type: "" },
  ]);
  assertEquals([code, await Deno.readTextFile(path)], [2, changed], screen);
  assertMatch(screen, /it has changed since the review began/);
});

Deno.test(`a built-in scrubber has no rule file to write to${note}`, async () => {
  if (!can) return;
  const path = `${folder}/other.yaml`;
  await Deno.writeTextFile(path, "database: another\nengine: postgresql\n");
  const args = ["--rules", path, "--write", "--scrubber", "email-alert-api"];
  const { code, screen } = await reviewOnTerminal(urls.postgresql, args, []);
  assertEquals(code, 2, screen);
  assertStringIncludes(
    screen.replaceAll(/\s+/g, " "),
    "comes from no rule file, and --reviewed names no file to write",
  );
});

interface Answer {
  /** What the screen shows then. */
  readonly after: RegExp;
  readonly type: string;
  before?(): Promise<void>;
}

/** Runs `review` on a terminal and types each answer when its question is there. */
async function reviewOnTerminal(
  url: string,
  args: readonly string[],
  answers: readonly Answer[],
): Promise<{ readonly code: number; readonly screen: string }> {
  const main = new URL("../../main.ts", import.meta.url).pathname;
  const words = [Deno.execPath(), "run", "-A", "--no-check", main, "review", ...args];
  const child = new Deno.Command("script", {
    args: ["-q", "-f", "-e", "-c", words.map((word) => `'${word}'`).join(" "), "/dev/null"],
    env: { TERM: "xterm", NO_COLOR: "1", DATASCRUBBER_URL: url },
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  const left = [...answers];
  let screen = "";
  let from = 0;
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    screen += text;
    const [next] = left;
    if (!next?.after.test(screen.slice(from))) continue;
    left.shift();
    from = screen.length;
    await next.before?.();
    await writer.write(new TextEncoder().encode(`${next.type}\r`));
  }
  const { code } = await child.status;
  await writer.close().catch(() => {});
  return { code, screen };
}
