/** Types of the part of `@std/cli/parse-args` that the command line uses. @module */

/** Parses arguments. Every option is a list, empty where it was not given; short flags stand under both of their names. */
export function parseArgs<const S extends string, const B extends string>(
  args: readonly string[],
  options: {
    /** These take texts: `007` stays what it is. `_` stands for the words that belong to no option. */
    readonly string: readonly (S | "_")[];
    /** These take no value. */
    readonly boolean: readonly B[];
    /** These may be given several times. */
    readonly collect: readonly (S | B)[];
    /** Other names of options. */
    readonly alias: Readonly<Record<string, string>>;
    /** Called with each word, and with each option that is in none of the lists. */
    readonly unknown: (argument: string, key?: string) => void;
  },
): { readonly [K in S]: string[] } & { readonly [K in B]: unknown[] } & { readonly _: string[] };
