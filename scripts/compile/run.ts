/** Runs programs for the scripts that build. @module */

/** Runs a program to its end and gives what it wrote to stdout; rejects with what it wrote to stderr where it fails. */
export async function run(
  program: string,
  args: readonly string[],
  options: Pick<Deno.CommandOptions, "cwd" | "env" | "clearEnv"> = {},
): Promise<string> {
  const command = new Deno.Command(program, { args: [...args], ...options, stdout: "piped", stderr: "piped" });
  const { code, stdout, stderr } = await command.output();
  if (code === 0) return new TextDecoder().decode(stdout);
  const said = new TextDecoder().decode(new Uint8Array([...stdout, ...stderr])).trim();
  throw new Error(`Cannot run ${program} ${args[0] ?? ""}: status ${code}\n${said}`);
}
