/** scripts/setup: what it says when a program of the machine's own is not there, and that it does nothing twice. @module */
import { assertEquals } from "@std/assert";

async function setup(env: Record<string, string>): Promise<{ readonly code: number; readonly text: string }> {
  const script = new URL("../../scripts/setup", import.meta.url).pathname;
  const { code, stderr } = await new Deno.Command(script, { env, stdout: "null", stderr: "piped" }).output();
  return { code, text: new TextDecoder().decode(stderr) };
}

for (
  const { variable, value, message } of [
    { variable: "DATASCRUBBER_DENO", value: "/nope", message: 'Cannot use Deno: "/nope" is no program' },
    {
      variable: "DATASCRUBBER_POSTGRESQL",
      value: "/no",
      message: 'Cannot use PostgreSQL: "/no/postgres" is no program',
    },
    { variable: "DATASCRUBBER_MYSQLD", value: "/", message: 'Cannot use MySQL: "/" is no program' },
  ]
) {
  Deno.test(`scripts/setup refuses a ${variable} that is no program`, async () => {
    const { code, text } = await setup({ [variable]: value });
    const hint = `Correct ${variable}, or unset it to have scripts/setup bring one.`;
    assertEquals([code, text], [1, `setup: ${message}\n  ${hint}\n`]);
  });
}

Deno.test("scripts/setup has nothing to say when everything is there", async () => {
  await setup({});
  assertEquals(await setup({}), { code: 0, text: "" });
});
