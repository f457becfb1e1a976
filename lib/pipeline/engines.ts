/** The engines by name. @module */

import type { Engine } from "../engine/engine.ts";
import type { EngineName } from "../core/engine_name.ts";

/** Loads an engine on demand: the other one's driver would take memory in a worker that does not need it. */
export async function loadEngine(name: EngineName): Promise<Engine> {
  switch (name) {
    case "mysql":
      return (await import("../mysql/mod.ts")).mysql;
    case "postgresql":
      return (await import("../postgresql/mod.ts")).postgresql;
    default:
      return name satisfies never;
  }
}

/** What decides how many statements run at a time. */
export interface Concurrency {
  readonly settings: { readonly concurrency?: number };
  /** Of the server; absent: nothing is known. */
  readonly processors?: number;
}

/** Statements at a time in a database: the operator's `--concurrency`, or as many as the server has processors, within bounds. */
export function concurrencyOf({ settings, processors = bounds.least }: Concurrency): number {
  return settings.concurrency ?? Math.min(Math.max(processors, bounds.least), bounds.most);
}

/** A session waits for storage at times, so two keep one processor busy; beyond some, storage and not processors are the limit. */
const bounds = { least: 2, most: 16 };
