/** The options that an old rule has. @module */

import type { Json } from "../../engine/expressions.ts";
import type { OldNode } from "./old_file.ts";

/** The options that an old rule has, read leniently: other tools take `"true"` for true, and `"5"` for 5. */
export class Options {
  readonly #node: OldNode | undefined;

  /** `node`: a mapping; anything else has no options. */
  constructor(node: OldNode | undefined) {
    this.#node = node;
  }

  /** The line of an option, or of all of them. */
  line(name: string): number {
    return this.node(name)?.line ?? this.#node?.line ?? 1;
  }

  /** An option as it is in the file. */
  node(name: string): OldNode | undefined {
    return this.#node?.entries?.get(name);
  }

  value(name: string): Json | undefined {
    return this.node(name)?.value;
  }

  text(name: string): string | undefined {
    const value = this.value(name);
    return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
  }

  number(name: string): number | undefined {
    const value = this.value(name);
    if (typeof value === "number") return value;
    return typeof value === "string" && /^\s*-?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : undefined;
  }

  flag(name: string): boolean | undefined {
    const value = this.value(name);
    if (typeof value === "boolean") return value;
    if (typeof value !== "string") return undefined;
    return /^(true|yes|on)$/i.test(value) ? true : /^(false|no|off)$/i.test(value) ? false : undefined;
  }

  /** Both numbers, where there are both and the first is less. */
  range(from: string, to: string): { readonly minimum: number; readonly maximum: number } | undefined {
    const [minimum, maximum] = [this.number(from), this.number(to)];
    return minimum === undefined || maximum === undefined || minimum >= maximum ? undefined : { minimum, maximum };
  }

  /** Values of a list that are text, numbers, or true or false, each once. */
  list(name: string): readonly (string | number | boolean)[] {
    const value = this.value(name);
    if (!Array.isArray(value)) return [];
    return [...new Set(value)].filter((one) =>
      typeof one === "string" || typeof one === "number" || typeof one === "boolean"
    );
  }
}
