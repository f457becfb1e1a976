/** The door to `@std/cli/prompt-secret`, with the name that JSR's package has. @module */

// @ts-types="./prompt_secret.d.ts"
export { promptSecret } from "deno-std/cli/prompt_secret.js";
