/** Every strategy by its name in a definition. To add one: write its file, list it here, and give it a function in strategies.ts. @module */

import { blank } from "./blank.ts";
import { constant } from "./constant.ts";
import { email } from "./email.ts";
import { emptied } from "./emptied.ts";
import { jsonPaths } from "./json_paths.ts";
import { keep } from "./keep.ts";
import { lorem } from "./lorem.ts";
import { opaque } from "./opaque.ts";
import { replacing } from "./replacing.ts";
import { setNull } from "./set_null.ts";
import type { Strategy } from "./strategy.ts";
import { template } from "./template.ts";

/** The strategies. */
export const strategies: ReadonlyMap<string, Strategy> = new Map(Object.entries({
  blank,
  constant,
  email,
  emptied,
  jsonPaths,
  keep,
  lorem,
  opaque,
  replacing,
  setNull,
  template,
}));
