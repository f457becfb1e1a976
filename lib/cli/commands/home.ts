/** The home folder that the AWS client looks for. @module */

/** A service's account may have no home, and HOME may be unset: the AWS client fails then instead of finding nothing there. */
export async function haveHome(): Promise<void> {
  if (Deno.env.get("HOME")) return;
  const { homedir } = await import("node:os");
  Deno.env.set("HOME", homedir() || "/nonexistent");
}
