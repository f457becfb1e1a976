/** Types of the part of `@std/cli/parse-args` that the command line uses. @module */

/** Parses arguments. Every collected option is a list of texts, empty where it was not given. */
export function parseArgs<const C extends string>(
  args: readonly string[],
  options: {
    /** These take texts: `007` stays what it is. */
    readonly string: readonly C[];
    /** These may be given several times. */
    readonly collect: readonly C[];
  },
): { readonly [K in C]: string[] };
