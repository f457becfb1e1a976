/** A server's process: in its own session, logged to a file, and ended when this process ends. @module */
import { ScrubError } from "../../lib/core/errors.ts";
import { runner } from "./programs.ts";

/** A running program. */
export interface Process {
  readonly pid: number;
  /** Resolves when the program has ended. */
  readonly ended: Promise<void>;
  /** Whether it has ended. */
  hasEnded(): boolean;
  /** Sends a signal and waits for the end. */
  end(signal: Deno.Signal): Promise<void>;
}

/** What to start. */
export interface Start {
  readonly program: string;
  readonly args: readonly string[];
  /** File for standard output and error. */
  readonly log: string;
  /** Sent if this process is killed; then the folders are removed, too. */
  readonly lastSignal: Deno.Signal;
  readonly folders: readonly string[];
}

// The shell is replaced by the server, so that the pid is the server's.
const launch = 'log=$1; shift; exec "$@" >>"$log" 2>&1';

// Reads a line after an orderly end, and the end of the file if the starter was killed.
const guard = `signal=$1; pid=$2; shift 2
read -r line && exit 0
tries=0
if [ "$pid" ]; then
  kill -s "$signal" "$pid" 2>/dev/null
  while kill -0 "$pid" 2>/dev/null && [ "$tries" -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
  kill -s KILL "$pid" 2>/dev/null
fi
rm -rf -- "$@"`;

// A session of its own: Ctrl-C in a terminal reaches the program that owns the servers, not the servers.
const session = Deno.build.os === "linux" ? ["setsid"] : [];

/** Starts a program as the user that runs the servers. */
export function startProcess({ program, args, log, lastSignal, folders }: Start): Process {
  const [first = "sh", ...rest] = [...session, "sh", "-c", launch, "sh", log, program, ...args];
  const nothing = { stdin: "null", stdout: "null", stderr: "null" } as const;
  const child = new Deno.Command(first, { args: rest, cwd: "/", ...nothing, ...runner() }).spawn();
  const watcher = startGuard([lastSignal.replace(/^SIG/, ""), String(child.pid), ...folders]);
  let over = false;
  const ended = child.status.then(async () => {
    over = true;
    await watcher.dismiss();
  });
  return {
    pid: child.pid,
    ended,
    hasEnded: () => over,
    async end(signal) {
      try {
        if (!over) child.kill(signal);
      } catch (error) {
        // It has just ended by itself.
        if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error;
      }
      await ended;
    },
  };
}

/** A process that cleans up if this one is killed. */
export interface Guard {
  /** Ends it without a clean-up. */
  dismiss(): Promise<void>;
}

/** Has folders removed if this process is killed. */
export function guardFolders(...folders: readonly string[]): Guard {
  return startGuard(["KILL", "", ...folders]);
}

function startGuard(args: readonly string[]): Guard {
  const [first = "sh", ...rest] = [...session, "sh", "-c", guard, "sh", ...args];
  const child = new Deno.Command(first, { args: rest, cwd: "/", stdin: "piped", stdout: "null", stderr: "null" })
    .spawn();
  return {
    async dismiss() {
      const writer = child.stdin.getWriter();
      await writer.write(new TextEncoder().encode("done\n")).catch(() => {});
      await writer.close().catch(() => {});
      await child.status;
    },
  };
}

/** Polls until a condition holds. Fails if the process ends, or after a minute. */
export async function waitUntil(
  holds: () => Promise<boolean>,
  what: string,
  process: Process,
  log: string,
): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!await holds()) {
    if (process.hasEnded() || Date.now() > deadline) {
      const words = (await Deno.readTextFile(log).catch(() => "")).trim().split("\n").slice(-8).join("\n");
      throw new ScrubError(
        "unexpected",
        `Cannot start ${what}: ${words}`,
        "See the last lines of the server's log above.",
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

/**
 * A free port of the loopback interface, below those that systems give to outgoing connections: none of these takes it before the
 * server listens, or while the server is restarted.
 */
export function freePort(): number {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000);
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
}
