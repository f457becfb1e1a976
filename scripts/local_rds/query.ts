/** AWS's Query protocol: requests are forms with lists and structures in their keys, answers are XML. @module */
import { ApiError } from "./api_error.ts";
import type { Tag } from "./records.ts";

/** The parameters of one call. Records which were read, so that a test can find ignored ones. */
export class Parameters {
  readonly #values: ReadonlyMap<string, string>;
  readonly #seen = new Set(["Action", "Version"]);

  constructor(body: string) {
    this.#values = new Map(new URLSearchParams(body));
  }

  /** All of them, as sent. */
  all(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#values);
  }

  /** Names that were not read. */
  ignored(): readonly string[] {
    return [...this.#values.keys()].filter((name) => !this.#seen.has(name));
  }

  text(name: string): string | undefined {
    this.#seen.add(name);
    return this.#values.get(name);
  }

  /** A required parameter; else MissingParameter. */
  required(name: string): string {
    const value = this.text(name);
    if (value) return value;
    throw new ApiError("MissingParameter", `The request must contain the parameter ${name}.`);
  }

  flag(name: string): boolean | undefined {
    const value = this.text(name)?.toLowerCase();
    if (value === undefined || value === "true" || value === "false") return value && value === "true";
    throw new ApiError("MalformedInput", `"${value}" is not a boolean: ${name}`);
  }

  integer(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined || /^-?\d+$/.test(value)) return value === undefined ? undefined : Number(value);
    throw new ApiError("MalformedInput", `"${value}" is not an integer: ${name}`);
  }

  /** A list, by the name that the model gives its elements or by `member`. Absent: undefined; empty: a bare key. */
  list(name: string, element: string): readonly string[] | undefined {
    if (this.#values.has(name)) this.#seen.add(name);
    const found = this.#numbered(name, element).map((key) => this.required(key));
    return found.length > 0 || this.#values.has(name) ? found : undefined;
  }

  tags(): readonly Tag[] | undefined {
    const bare = this.#values.has("Tags");
    if (bare) this.#seen.add("Tags");
    const keys = this.#numbered("Tags", "Tag");
    if (keys.length === 0 && !bare) return undefined;
    return keys.map((key) => ({ key: this.required(`${key}.Key`), value: this.text(`${key}.Value`) ?? "" }));
  }

  /** A list of structures, each by its members' names. */
  structures(name: string, element: string, members: readonly string[]): readonly Readonly<Record<string, string>>[] {
    return this.#numbered(name, element).map((key) =>
      Object.fromEntries(members.flatMap((member) => {
        const value = this.text(`${key}.${member}`);
        return value === undefined ? [] : [[member, value]];
      }))
    );
  }

  filters(): ReadonlyMap<string, readonly string[]> {
    const keys = this.#numbered("Filters", "Filter");
    return new Map(keys.map((key) => [this.required(`${key}.Name`), this.list(`${key}.Values`, "Value") ?? []]));
  }

  #numbered(name: string, element: string): readonly string[] {
    const prefixes = [`${name}.${element}.`, `${name}.member.`];
    const found = new Map<string, number>();
    for (const key of this.#values.keys()) {
      const prefix = prefixes.find((prefix) => key.startsWith(prefix));
      if (prefix === undefined) continue;
      const number = Number.parseInt(key.slice(prefix.length));
      found.set(`${prefix}${number}`, number);
    }
    return [...found].sort(([, a], [, b]) => a - b).map(([key]) => key);
  }
}

/** A value of an answer. Undefined members are left out; an empty object is an empty element. */
export type Xml = string | number | boolean | Date | undefined | List | { readonly [name: string]: Xml };

/** A list, with the name of its items' elements. */
export class List {
  constructor(readonly element: string, readonly items: readonly Xml[]) {}
}

const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Renders one element with its content. */
export function element(name: string, value: Xml, attributes = ""): string {
  return value === undefined ? "" : `<${name}${attributes}>${content(value)}</${name}>`;
}

function content(value: Exclude<Xml, undefined>): string {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof List) return value.items.map((item) => element(value.element, item)).join("");
  if (typeof value === "object") return Object.entries(value).map(([name, member]) => element(name, member)).join("");
  return String(value).replaceAll(/[&<>"]/g, (character) => escapes[character] ?? "");
}
