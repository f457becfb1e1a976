/** What is answered before anything else is read, and with the least that can be loaded. @module */

/** Whoever asks for help gets it, whatever else is wrong. */
export function askedFor(args: readonly string[]): "help" | "version" | undefined {
  if (args.includes("--help")) return "help";
  return args.includes("--version") ? "version" : undefined;
}
