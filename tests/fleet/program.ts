/** The program itself as a child process, started as an operator starts it. @module */

/**
 * The program, and what Deno has to know to run it: its sources, or, where the environment names one, their bundle
 * (bundle_program.ts), which starts in half the time.
 */
const bundled = Deno.env.get("DATASCRUBBER_TEST_PROGRAM");
const main = bundled === undefined
  ? [new URL("../../main.ts", import.meta.url).pathname]
  : ["--no-config", "--unstable-net", bundled];

/** What came of a run. */
export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that is running. */
export interface Program {
  /** Resolves when the text was written to stderr; rejects when the program ends without it. */
  until(text: string): Promise<void>;
  kill(signal: Deno.Signal): void;
  ended(): Promise<Result>;
}

/**
 * Starts the program, or another of the tests' own, with this environment: the test's own has nothing to do with AWS, the
 * program's options or OpenTelemetry, and other files' tests change it meanwhile.
 */
export function startProgram(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  program?: string,
  cwd?: string,
): Program {
  const own = Object.entries(Deno.env.toObject()).filter(([name]) => !/^(AWS_|DATASCRUBBER_|OTEL_)/.test(name));
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", ...(program === undefined ? main : [program]), ...args],
    clearEnv: true,
    ...(cwd !== undefined && { cwd }),
    env: {
      ...Object.fromEntries(own),
      NO_COLOR: "1",
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_EC2_METADATA_DISABLED: "true",
      ...environment,
    },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stdout = child.stdout.pipeThrough(new TextDecoderStream());
  const waiting = new Map<string, PromiseWithResolvers<void>>();
  let stderr = "";
  async function listen(): Promise<string> {
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
      stderr += text;
      for (const [wanted, { resolve }] of waiting) if (stderr.includes(wanted)) resolve();
    }
    for (const [wanted, { reject }] of waiting) reject(new Error(`The program ended without "${wanted}":\n${stderr}`));
    return stderr;
  }
  const whole = Promise.all([child.status, Array.fromAsync(stdout), listen()]);
  return {
    until(text) {
      const wait = Promise.withResolvers<void>();
      waiting.set(text, wait);
      if (stderr.includes(text)) wait.resolve();
      return wait.promise;
    },
    kill: (signal) => child.kill(signal),
    async ended() {
      const [{ code }, stdout, stderr] = await whole;
      return { code, stdout: stdout.join(""), stderr };
    },
  };
}

/** Runs the program to its end. */
export function runProgram(args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<Result> {
  return startProgram(args, environment).ended();
}
