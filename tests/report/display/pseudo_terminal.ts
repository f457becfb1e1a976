/** A program on a real pseudo-terminal, by util-linux' script(1), with what its screen shows. @module */

import { FakeTerminal } from "./fake_terminal.ts";

/** Whether there is a script(1) that can do it. */
export async function canOpenTerminals(): Promise<boolean> {
  const { success } = await new Deno.Command("/bin/sh", { args: ["-c", "script --version | grep -q util-linux"] })
    .output();
  return success;
}

/** A program at work on a terminal. */
export interface TerminalProgram extends AsyncDisposable {
  /** What the terminal shows, without empty lines at the end. */
  readonly screen: string;
  /** Everything that was written to it. */
  readonly raw: string;
  /** Sends an event. */
  send(event: Readonly<Record<string, unknown>>): Promise<void>;
  /** Resolves when the screen is as wanted. */
  until(wanted: (screen: string) => boolean): Promise<void>;
  resize(columns: number): Promise<void>;
}

/** Starts a program of `programs/` on a terminal of this size. */
export async function onTerminal(
  program: string,
  columns: number,
  environment: Readonly<Record<string, string>> = {},
): Promise<TerminalProgram> {
  const path = new URL(`programs/${program}`, import.meta.url).pathname;
  const command =
    `stty -echo -icanon cols ${columns} rows 24; tty; exec ${Deno.execPath()} run --quiet --no-check -A ${path}`;
  const child = new Deno.Command("script", {
    args: ["-q", "-f", "-e", "-c", command, "/dev/null"],
    env: { TERM: "xterm", NO_COLOR: "", ...environment },
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  const terminal = new FakeTerminal(columns);
  let raw = "";
  let held = "";
  let begun = false;
  const waiting = new Set<
    { wanted: (screen: string) => boolean; resolve: () => void; reject: (error: Error) => void }
  >();
  const look = () => {
    for (const one of waiting) if (one.wanted(terminal.screen)) one.resolve();
  };
  const reading = (async () => {
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      raw += text;
      held += text;
      // A sequence may come in two pieces, and colours take no room. What comes before the program's first line is Deno's.
      // deno-lint-ignore no-control-regex
      const [whole = "", rest = ""] = /^([^]*?)(\x1b(?:\[\d*)?)?$/.exec(held)?.slice(1) ?? [];
      held = rest;
      const begin = begun ? 0 : whole.indexOf("ready ");
      if (begin < 0) {
        held = whole + rest;
        continue;
      }
      begun = true;
      // deno-lint-ignore no-control-regex
      terminal.write(whole.slice(begin).replaceAll(/\x1b\[\d*m/g, ""));
      look();
    }
    for (const { reject } of waiting) reject(new Error(`The program ended:\n${terminal.screen}`));
  })();
  const until = async (wanted: (screen: string) => boolean) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const one = { wanted, resolve, reject };
    waiting.add(one);
    look();
    await promise;
    waiting.delete(one);
  };
  await until((screen) => /^ready /m.test(screen));
  const [device = ""] = /\/dev\/pts\/\d+/.exec(raw) ?? [];
  return {
    get screen() {
      return terminal.screen;
    },
    get raw() {
      return raw;
    },
    send: (event) => writer.write(new TextEncoder().encode(`${JSON.stringify(event)}\n`)),
    until,
    async resize(columns) {
      terminal.resize(columns);
      await new Deno.Command("stty", { args: ["-F", device, "cols", String(columns)] }).output();
    },
    async [Symbol.asyncDispose]() {
      await writer.write(new TextEncoder().encode(`{"event":"end"}\n`)).catch(() => {});
      await child.status;
      await writer.close().catch(() => {});
      await reading;
    },
  };
}
