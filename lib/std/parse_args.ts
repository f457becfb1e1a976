/** The door to `@std/cli/parse-args`, with the name that JSR's package has. @module */

// @ts-types="./parse_args.d.ts"
export { parseArgs } from "deno-std/cli/parse_args.js";
