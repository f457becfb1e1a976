/** Where a run's time goes: by its phases, and within them by what it asks of an engine. @module */

import type { Engine } from "../../lib/engine/engine.ts";

/** Adds seconds up under what is done at the moment. */
export class PhaseClock {
  readonly #seconds = new Map<string, number>();
  #phase: string | undefined;
  /** Kinds of work that are going on, and how many of each. */
  readonly #going = new Map<string, number>();
  #since = performance.now();

  /** The phase. */
  get now(): string | undefined {
    return this.#phase;
  }

  phase(name: string): void {
    this.#add();
    this.#phase = name;
  }

  /** Counts work under its kind until it has ended, whatever the phase. */
  async during<T>(kind: string, work: () => Promise<T>): Promise<T> {
    this.#add();
    this.#going.set(kind, (this.#going.get(kind) ?? 0) + 1);
    try {
      return await work();
    } finally {
      this.#add();
      this.#going.set(kind, (this.#going.get(kind) ?? 0) - 1);
    }
  }

  stop(): void {
    this.#add();
    this.#phase = undefined;
  }

  seconds(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#seconds].map(([name, seconds]) => [name, Number(seconds.toFixed(3))]));
  }

  #add(): void {
    const now = performance.now();
    const kind = [...this.#going].find(([, count]) => count > 0)?.[0] ?? this.#phase;
    if (kind !== undefined) this.#seconds.set(kind, (this.#seconds.get(kind) ?? 0) + (now - this.#since) / 1000);
    this.#since = now;
  }
}

/** Work that has a line of its own. */
const kinds = {
  open: "sessions",
  schema: "schema",
  inventory: "inventory",
  serverInventory: "inventory",
  listDatabases: "inventory",
  clear: "empty databases",
} as const;

/** What looking at values of structural columns begins with, and what comes after it. */
const structural = { from: "counters", until: "openScratch", phase: "structural values" } as const;

/** The engine, with some of its work counted apart from the phases. */
export function watchedEngine(engine: Engine, clock: PhaseClock): Engine {
  return new Proxy(engine, {
    get(target, name) {
      const value = Reflect.get(target, name);
      const kind = Object.entries(kinds).find(([method]) => method === name)?.[1];
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        if (name === structural.from && clock.now === "plan") clock.phase(structural.phase);
        if (name === structural.until && clock.now === structural.phase) clock.phase("plan");
        const call = () => Reflect.apply(value, target, args);
        return kind === undefined ? call() : clock.during(kind, async () => await call());
      };
    },
  });
}
