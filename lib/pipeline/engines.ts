/** The engines by name. @module */

import type { Engine } from "../engine/engine.ts";
import type { EngineName } from "../engine/schema.ts";
import { mysql } from "../mysql/mod.ts";
import { postgresql } from "../postgresql/mod.ts";

/** One implementation for each of the command line's words. */
export const engines: Readonly<Record<EngineName, Engine>> = { mysql, postgresql };

/** Statements at a time in a database: measured, two copy-swaps at once are slower on MySQL than one after the other. */
export const defaultConcurrency: Readonly<Record<EngineName, number>> = { mysql: 1, postgresql: 2 };
