/** The door to `@std/assert`, with the names that JSR's package has. @module */

// @ts-types="./assert.d.ts"
export {
  assert,
  assertEquals,
  assertGreater,
  assertInstanceOf,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "deno-std/assert/mod.js";
