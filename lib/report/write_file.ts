/** Writes a file so that whoever reads its path sees the old one or the whole new one. @module */

/** Replaces the file at a path. `mode`: who may read it, as chmod(1) has it. Rejects with what the system says. */
export async function replaceFile(path: string, text: string, mode: number): Promise<void> {
  await using undo = new AsyncDisposableStack();
  const beside = await Deno.makeTempFile({ dir: folderOf(path), prefix: ".datascrubber-", suffix: ".tmp" });
  undo.defer(() => Deno.remove(beside));
  await Deno.chmod(beside, mode);
  await Deno.writeTextFile(beside, text);
  await Deno.rename(beside, path);
  undo.move(); // renamed: nothing is left to remove
}

function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "." : path.slice(0, slash + 1);
}
