/** Sends passive check results with the program send_nsca (Debian: nsca-client). @module */

/** The NSCA server, and the program that sends to it. */
export interface NscaServer {
  readonly host: string;
  readonly port?: number;
  /** The program, on PATH or by its path. */
  readonly program: string;
  /** send_nsca's configuration file; absent: its default. */
  readonly config?: string;
}

/** The shell writes the text to the program, even after this process has ended. */
const feed = 'text=$1; shift; printf %s "$text" | exec "$@"';

/** Starts sending without waiting: the program goes on after this process has ended. */
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

/** Sends, and kills the program after the timeout in milliseconds. Gives the reason of a failure, or undefined. */
export async function sendNsca(server: NscaServer, text: string, timeout: number): Promise<string | undefined> {
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
  }, timeout);
  const { code } = await program.status;
  clearTimeout(timer);
  if (late) return `"${server.program}" did not end in ${Math.round(timeout / 1000)} seconds`;
  if (code === 127) return `there is no program "${server.program}"`;
  return code === 0 ? undefined : `"${server.program}" ended with status ${code}`;
}

/** The machine's IPv4 address, by which monitoring knows it; undefined if it has only loopback's. */
export function ownAddress(interfaces: readonly Deno.NetworkInterfaceInfo[]): string | undefined {
  return interfaces.find(({ family, address, name }) =>
    family === "IPv4" && !address.startsWith("127.") && !address.startsWith("169.254.") &&
    !/^(docker|br-|veth)/.test(name)
  )?.address;
}
