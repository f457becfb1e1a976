/** A program that stands in for another: keeps its arguments and what it reads. @module */

/** A stand-in; disposing removes it with all that it has kept. */
export interface StandIn extends AsyncDisposable {
  readonly path: string;
  /** What it has read, of all its runs. */
  received(): Promise<string>;
  arguments(): Promise<readonly string[]>;
}

/** Makes one. `script`: what it does besides, in the shell. */
export async function standIn(script = ""): Promise<StandIn> {
  const folder = await Deno.makeTempDir({ prefix: "stand-in-" });
  const path = `${folder}/program`;
  const text =
    `#!/bin/sh\nfor one in "$@"; do printf '%s\\n' "$one" >>${folder}/arguments; done\ncat >>${folder}/received\n${script}\n`;
  await Deno.writeTextFile(path, text, { mode: 0o755 });
  const read = (name: string) => Deno.readTextFile(`${folder}/${name}`).catch(() => "");
  return {
    path,
    received: () => read("received"),
    arguments: async () => (await read("arguments")).split("\n").filter((line) => line !== ""),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}
