/** Stops a server's processes for a copy of its data, which is then like a snapshot of its volume. @module */

/** Does something while a process and its children are stopped. A copy made now is like the files after a crash. */
export async function whileFrozen(pid: number, work: () => Promise<void>): Promise<void> {
  const stopped: number[] = [];
  try {
    await freeze(pid, stopped);
    await work();
  } finally {
    for (const each of stopped.reverse()) signal(each, "SIGCONT");
  }
}

/** Stops the parent first, so that it starts no new child. */
async function freeze(pid: number, stopped: number[]): Promise<void> {
  if (!signal(pid, "SIGSTOP")) return;
  stopped.push(pid);
  const children = await Deno.readTextFile(`/proc/${pid}/task/${pid}/children`).catch(() => "");
  for (const child of children.split(" ").filter(Boolean)) await freeze(Number(child), stopped);
}

/** Whether the process exists. */
function signal(pid: number, name: Deno.Signal): boolean {
  try {
    Deno.kill(pid, name);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
