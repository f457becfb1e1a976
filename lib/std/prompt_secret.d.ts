/** Types of the part of `@std/cli/prompt-secret` that the command line uses. @module */

/** Asks on standard output and reads a line; null where standard input is no terminal. `mask` is shown for each character. */
export function promptSecret(message: string, options: { readonly mask: string }): string | null;
