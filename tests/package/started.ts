/** Runs a program to its end, and watches how much memory it takes. @module */

/** What came of it. */
export interface Started {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Most memory that it had for itself at a time, in MB: the largest of samples, the kernel keeps no peak of it. */
  readonly memory: number;
}

/** Runs the words as they are, with this environment and nothing of this process's own. */
export async function startProgramAt(
  [program = "", ...args]: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Started> {
  const child = new Deno.Command(program, {
    args,
    clearEnv: true,
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", ...environment },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let memory = 0;
  const timer = setInterval(() => memory = Math.max(memory, memoryOf(child.pid)), 100);
  const { code, stdout, stderr } = await child.output();
  clearInterval(timer);
  return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr), memory };
}

/**
 * Memory that the process has for itself. Pages of the executable's file are left out: how many of them the kernel maps
 * follows its page cache rather than the program, and it takes them back when memory is short.
 */
function memoryOf(pid: number): number {
  try {
    const status = Deno.readTextFileSync(`/proc/${pid}/status`);
    return Math.round(Number(/^RssAnon:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024 / 1e6);
  } catch {
    return 0; // it has ended
  }
}
