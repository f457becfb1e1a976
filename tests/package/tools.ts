/** What the tests of executable and package need of the machine; without it they are left out, and say so. @module */

/**
 * Whether an executable can be compiled: by a matched pair of deno and denort that was brought, or, where the variable says
 * so, by Deno's own downloads.
 */
export const canCompile: boolean = Deno.env.has("DENO_BIN") && Deno.env.has("DENORT_BIN") ||
  Deno.env.has("DATASCRUBBER_COMPILE");

/** Whether it runs as root, who may make namespaces, roots and install packages. */
export const isRoot: boolean = Deno.uid() === 0;

/** Whether a program is installed. */
export function has(program: string): boolean {
  return (Deno.env.get("PATH") ?? "").split(":").some((folder) => {
    try {
      return Deno.statSync(`${folder}/${program}`).isFile;
    } catch {
      return false;
    }
  });
}

/** Registers a test, or one that only says why it is left out. */
export function testWith(
  needs: Readonly<Record<string, boolean>>,
  name: string,
  body: (t: Deno.TestContext) => Promise<void>,
): void {
  const missing = Object.entries(needs).filter(([, there]) => !there).map(([what]) => what);
  if (missing.length === 0) return Deno.test(name, body);
  Deno.test(`${name} (left out: needs ${missing.join(", ")})`, { ignore: true }, body);
}
