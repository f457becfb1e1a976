/** HTML that cannot be built by accident: whatever stands in the template is text, unless it is markup already. @module */

import { visible } from "../../core/visible.ts";

/** Set once, by the class itself: nothing outside this file makes markup from a string. */
let make: (text: string) => Markup;

/** A finished piece of HTML. Only {@linkcode markup} and {@linkcode trusted} make one. */
export class Markup {
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  static {
    make = (text) => new Markup(text);
  }

  /** The HTML. */
  get text(): string {
    return this.#text;
  }
}

/** What may stand in a template. Nothing at all stands for `undefined`. */
export type Content = string | number | Markup | undefined | readonly Content[];

/** Makes HTML from a template; values in `${}` are escaped, for text and for quoted attributes alike. */
export function markup(literals: TemplateStringsArray, ...parts: readonly Content[]): Markup {
  return make(literals.map((literal, at) => literal + render(parts[at])).join(""));
}

/** Text of our own that is HTML, CSS or JavaScript already. Every use is a place to look at in a review. */
export function trusted(text: string): Markup {
  return make(text);
}

function render(part: Content): string {
  if (part === undefined) return "";
  if (part instanceof Markup) return part.text;
  if (typeof part === "object") return part.map(render).join("");
  // Control characters and those that turn the reading direction are spelt out: they could hide or forge text.
  return visible(String(part)).replaceAll(/[&<>"'`]/g, (character) => `&#${character.codePointAt(0)};`);
}
