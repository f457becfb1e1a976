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

/** Statements at a time in a database: the operator's `--concurrency`, or {@linkcode defaultConcurrency}. */
export function concurrencyOf({ settings }: { readonly settings: { readonly concurrency?: number } }): number {
  return settings.concurrency ?? defaultConcurrency;
}

/** Statements at a time in a database. */
export const defaultConcurrency = 2;
