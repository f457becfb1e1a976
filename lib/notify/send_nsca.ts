/** Sends passive check results by the program send_nsca (Debian: nsca-client). @module */

/** Where results go. */
export interface NscaServer {
  readonly host: string;
  readonly port?: number;
  /** The program, on PATH or by its path. */
  readonly program: string;
  /** send_nsca's own configuration; absent: where it looks by itself. */
  readonly config?: string;
}

/** The shell hands the text over, so that the program is fed even where nobody can wait for it. */
const feed = 'text=$1; shift; printf %s "$text" | exec "$@"';

/** Starts sending and does not wait: the program goes on when this one ends. */
export function beginNsca(server: NscaServer, text: string): Deno.ChildProcess {
  const { host, port, program, config } = server;
  return new Deno.Command("/bin/sh", {
    args: [
      ...["-c", feed, "send_nsca", text, program, "-H", host],
      ...(port === undefined ? [] : ["-p", String(port)]),
      ...(config === undefined ? [] : ["-c", config]),
    ],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
}

/**
 * Sends, for so many milliseconds at most. Gives why it failed, or undefined.
 * A program that hangs is killed.
 */
export async function sendNsca(server: NscaServer, text: string, limit: number): Promise<string | undefined> {
  let program: Deno.ChildProcess;
  try {
    program = beginNsca(server, text);
  } catch (error) {
    return `"${server.program}" could not be started (${error instanceof Error ? error.name : "unknown"})`;
  }
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    program.kill("SIGKILL");
  }, limit);
  const { code } = await program.status;
  clearTimeout(timer);
  if (late) return `"${server.program}" did not end in ${Math.round(limit / 1000)} seconds`;
  if (code === 127) return `there is no program "${server.program}"`;
  return code === 0 ? undefined : `"${server.program}" ended with status ${code}`;
}

/** The machine's own IPv4 address, by which monitoring knows it; undefined where it has none but loopback's. */
export function ownAddress(interfaces: readonly Deno.NetworkInterfaceInfo[]): string | undefined {
  return interfaces.find(({ family, address, name }) =>
    family === "IPv4" && !address.startsWith("127.") && !address.startsWith("169.254.") &&
    !/^(docker|br-|veth)/.test(name)
  )?.address;
}
