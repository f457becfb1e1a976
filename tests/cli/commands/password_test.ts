/** The password of a database by URL: asked for on a terminal only, and missed in words. @module */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { runProgram } from "../../fleet/program.ts";
import { canOpenTerminals } from "../../report/display/pseudo_terminal.ts";
import { postgresql } from "../../servers.ts";

const server = await postgresql({ applications: ["application"] });
Deno.test.afterAll(() => server.stop("now"));
await server.run("CREATE DATABASE shop");
await server.run("CREATE ROLE developer LOGIN PASSWORD 'laptop'");
const url = `postgresql://developer@localhost:${server.port}/shop`;
/** Its rules do not fit an empty database: status 3 says that the login succeeded. */
const scrubber = ["--scrubber", "email-alert-api"];

for (const command of ["review", "plan"]) {
  for (
    const another of ["postgresql://me@db.example.com/shop", "postgresql://me@db.example.com/shop?sslmode=verify-full"]
  ) {
    Deno.test(`${command} without a password says where to put it: ${another}`, async () => {
      const { code, stderr } = await runProgram([command, "--url", another, ...scrubber]);
      assertEquals(
        [code, stderr],
        [
          2,
          'Cannot log in at "db.example.com": no password was given\n' +
          "Put it into PGPASSWORD, ~/.pgpass or a service of PGSERVICE, or the whole URL into DATASCRUBBER_URL.\n",
        ],
      );
    });
  }
}

Deno.test("a server that wants a password refuses a login without one, in words", async () => {
  const { code, stderr } = await runProgram(["review", "--url", url, ...scrubber]);
  assertEquals(code, 1);
  assertMatch(stderr, /^Cannot log in at "localhost:\d+": [^\n]+\n/);
});

const can = await canOpenTerminals();
const note = can ? "" : " (left out: there is no script(1) of util-linux)";
for (const [answer, wanted] of [["laptop", 3], ["wrong", 1], ["", 1]] as const) {
  Deno.test(`the answer "${answer}" on a terminal ends with status ${wanted} and is not shown${note}`, async () => {
    if (!can) return;
    const { code, screen } = await answerOnTerminal(answer);
    assertEquals(code, wanted, screen);
    assertStringIncludes(screen, "Password of developer at localhost");
    if (answer !== "") assertEquals(screen.includes(answer), false);
  });
}

/** Runs `review` on a terminal and types the answer when the program asks. */
async function answerOnTerminal(answer: string): Promise<{ readonly code: number; readonly screen: string }> {
  const main = new URL("../../../main.ts", import.meta.url).pathname;
  const words = [Deno.execPath(), "run", "-A", "--no-check", main, "review", "--url", url, ...scrubber];
  const child = new Deno.Command("script", {
    args: ["-q", "-f", "-e", "-c", `tty; ${words.map((word) => `'${word}'`).join(" ")}`, "/dev/null"],
    env: { TERM: "xterm", PGPASSWORD: "" },
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  let screen = "";
  let asked = false;
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    screen += text;
    if (asked || !screen.includes("empty for none: ")) continue;
    asked = true;
    await untilEchoIsOff(/\/dev\/pts\/\d+/.exec(screen)?.[0] ?? "");
    await writer.write(new TextEncoder().encode(`${answer}\n`));
  }
  const { code } = await child.status;
  await writer.close().catch(() => {});
  return { code, screen };
}

/** The question is written just before the terminal stops to show what is typed; people are not that quick. */
async function untilEchoIsOff(device: string): Promise<void> {
  for (let settings = ""; !settings.includes(" -echo ");) {
    const { success, stdout } = await new Deno.Command("stty", { args: ["-F", device, "-a"] }).output();
    if (!success) return;
    settings = new TextDecoder().decode(stdout);
  }
}
