/** The engines by name. @module */

import type { Engine } from "../engine/engine.ts";
import type { EngineName } from "../core/engine_name.ts";
import { statementsOn } from "../core/instance_class.ts";

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

/** Statements at a time in a database: the operator's `--concurrency`, or what the server has processors for. */
export function concurrencyOf({ settings, processors }: Concurrency): number {
  return settings.concurrency ?? statementsOn(processors);
}
