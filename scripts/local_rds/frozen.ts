/** Copies of a living server's data, as a snapshot of its volume would show them. @module */

/**
 * Does something while a process and its children stand still. What they wrote so far is in their files for everybody to
 * read, so a copy made now is what a crash of the server at this moment would leave behind.
 */
export async function whileFrozen(pid: number, work: () => Promise<void>): Promise<void> {
  const stopped: number[] = [];
  try {
    await freeze(pid, stopped);
    await work();
  } finally {
    for (const each of stopped.reverse()) signal(each, "SIGCONT");
  }
}

/** The parent first: it starts no new child while its children are stopped. */
async function freeze(pid: number, stopped: number[]): Promise<void> {
  if (!signal(pid, "SIGSTOP")) return;
  stopped.push(pid);
  const children = await Deno.readTextFile(`/proc/${pid}/task/${pid}/children`).catch(() => "");
  for (const child of children.split(" ").filter(Boolean)) await freeze(Number(child), stopped);
}

/** Whether there was such a process. */
function signal(pid: number, name: Deno.Signal): boolean {
  try {
    Deno.kill(pid, name);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
