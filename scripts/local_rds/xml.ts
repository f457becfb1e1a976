/** Answers of AWS's Query protocol: XML. @module */

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
