/**
 * Places in the YAML of a rule file where something can be added: the text between them stays as it is, comments and layout
 * included. The document's ranges say where; it is never printed anew.
 *
 * @module
 */

import { isMap, isScalar, isSeq, type Node, type Pair, parseDocument, Scalar, type YAMLMap, type YAMLSeq } from "yaml";
import type { Json } from "../../engine/expressions.ts";
import type { Place } from "./document.ts";
import { asWritten, nameAsWritten } from "./write.ts";

/** One change of a text. */
interface Splice {
  readonly from: Place;
  readonly to: Place;
  readonly text: string;
}

/** What is added, on lines of its own or between brackets. */
interface Content {
  /** Lines, indented below the first. */
  readonly block: readonly string[];
  readonly flow: string;
}

const options = { version: "1.2", schema: "core", resolveKnownTags: false, uniqueKeys: false } as const;

/**
 * The text with a value behind a path of names, such as tables, customers, email. Mappings that are missing are added; undefined
 * where the path leads through something else, or to a value that is there already.
 */
export function withValue(text: string, path: readonly string[], value: Json): string | undefined {
  let map = rootOf(text);
  for (const [at, name] of path.entries()) {
    if (map === undefined) return undefined;
    const rest = path.slice(at + 1);
    const pair = pairOf(map, name);
    if (pair === undefined) return spliced(text, [intoCollection(text, map, entryOf([name, ...rest], value))]);
    if (isEmpty(pair.value) && rest.length > 0) {
      return spliced(text, [below(text, map, pair, entryOf(rest, value), "{}")]);
    }
    map = isMap(pair.value) ? pair.value : undefined;
  }
  return undefined;
}

/** The text with one more entry at the end of a list at the top; undefined where no such list can be. */
export function withItem(text: string, name: string, value: Json): string | undefined {
  const root = rootOf(text);
  if (root === undefined) return undefined;
  const pair = pairOf(root, name);
  const item: Content = { block: [`- ${asWritten(value)}`], flow: asWritten(value) };
  if (pair === undefined) {
    const whole = { block: [`${name}:`, ...indented(item.block, 2)], flow: `${name}: [ ${item.flow} ]` };
    return spliced(text, [intoCollection(text, root, whole)]);
  }
  if (isEmpty(pair.value)) return spliced(text, [below(text, root, pair, item, "[]")]);
  return isSeq(pair.value) ? spliced(text, [intoCollection(text, pair.value, item)]) : undefined;
}

/** The text with another entry in place of one of a list at the top; undefined where there is no such list. */
export function withItemReplaced(text: string, name: string, at: number, value: Json): string | undefined {
  const root = rootOf(text);
  const list = root && pairOf(root, name)?.value;
  const item = isSeq(list) ? list.items[at] : undefined;
  const from = startOf(item);
  if (from === undefined) return undefined;
  const to = contentEnd(item, from);
  return spliced(text, [{ from, to, text: `${asWritten(value)}${text[to - 1] === "\n" ? lineEndOf(text) : ""}` }]);
}

/** The names in a mapping at the end of a path; none where there is no such mapping. */
export function namesAt(text: string, path: readonly string[]): readonly string[] {
  return mapAt(text, path)?.items.flatMap(({ key }) => nameOf(key) ?? []) ?? [];
}

/** The text with all that a mapping at the end of a path holds put below one more name; undefined where there is no such mapping. */
export function withNesting(text: string, path: readonly string[], name: string): string | undefined {
  const map = mapAt(text, path);
  const from = startOf(map);
  if (map === undefined || from === undefined) return undefined;
  const to = contentEnd(map, from);
  if (map.flow) return spliced(text, [{ from, to: from, text: `{ ${name}: ` }, { from: to, to, text: " }" }]);
  const indent = " ".repeat(columnOf(text, from));
  const inner = text.slice(from, to).replace(/\n(?=[^\r\n])/g, "\n  ");
  return spliced(text, [{ from, to, text: `${name}:${lineEndOf(text)}${indent}  ${inner}` }]);
}

function mapAt(text: string, path: readonly string[]): YAMLMap | undefined {
  return path.reduce<YAMLMap | undefined>((map, name) => {
    const value: unknown = map && pairOf(map, name)?.value;
    return isMap(value) ? value : undefined;
  }, rootOf(text));
}

function rootOf(text: string): YAMLMap | undefined {
  const { contents } = parseDocument(text, options);
  return isMap(contents) ? contents : undefined;
}

function pairOf(map: YAMLMap, name: string): Pair | undefined {
  return map.items.find(({ key }) => nameOf(key) === name);
}

/** As document.ts reads it: the text that is written, whatever it looks like. */
function nameOf(key: unknown): string | undefined {
  if (!isScalar(key)) return undefined;
  return key.type === Scalar.PLAIN ? key.source ?? "" : typeof key.value === "string" ? key.value : undefined;
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || isScalar(value) && value.value === null;
}

/** A value behind names. */
function entryOf(path: readonly string[], value: Json): Content {
  const block = path.map((name, depth) => `${" ".repeat(2 * depth)}${nameAsWritten(name)}:`);
  const last = block.pop() ?? "";
  const nested = path.toReversed().reduce((inner, name) => ({ [name]: inner }), value);
  return {
    block: [...block, `${last} ${asWritten(value)}`],
    flow: asWritten(nested).replace(/^\{ | \}$/g, ""),
  };
}

/** Behind the last entry. */
function intoCollection(text: string, collection: YAMLMap | YAMLSeq, { block, flow }: Content): Splice {
  const start = startOf(collection) ?? 0;
  const last = collection.items.at(-1);
  if (!collection.flow) {
    const indent = columnOf(text, start);
    return onLines(text, endOfBlock(text, contentEnd(collection, start), indent), indented(block, indent));
  }
  const at = last === undefined ? start + 1 : contentEnd(last, start + 1);
  const inserted = last === undefined ? ` ${flow}${/^\s/.test(text.slice(at)) ? "" : " "}` : `, ${flow}`;
  return { from: at, to: at, text: inserted };
}

/** The content of an entry that has none so far. */
function below(text: string, map: YAMLMap, { key, value }: Pair, { block, flow }: Content, brackets: string): Splice {
  const inBrackets = `${brackets.slice(0, 1)} ${flow} ${brackets.slice(1)}`;
  const keyEnd = contentEnd(key, 0);
  const from = startOf(value);
  if (map.flow) return { from: keyEnd, to: contentEnd(value, keyEnd), text: `: ${inBrackets}` };
  if (from !== undefined && contentEnd(value, from) > from) {
    return { from, to: contentEnd(value, from), text: inBrackets };
  }
  const indent = columnOf(text, startOf(map) ?? 0) + 2;
  return onLines(text, nextLine(text, keyEnd), indented(block, indent));
}

function startOf(node: unknown): Place | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}

/** Where a node's own text ends: the range of a collection without brackets takes comments behind it in. */
function contentEnd(node: unknown, otherwise: Place): Place {
  if (node === null || node === undefined) return otherwise;
  if ((isMap(node) || isSeq(node)) && !node.flow) return contentEnd(node.items.at(-1), node.range?.[1] ?? otherwise);
  const { key, value, range } = node as Partial<Pair> & Pick<Node, "range">;
  if (range) return range[1];
  return contentEnd(value, contentEnd(key, otherwise));
}

/** The beginning of the line behind a mapping's or list's last entry, and behind comments that stand as deep as it. */
function endOfBlock(text: string, end: Place, indent: number): Place {
  let found = end > 0 && text[end - 1] === "\n" ? end : nextLine(text, end);
  for (let at = found; at < text.length; at = nextLine(text, at)) {
    const [, space = "", rest = ""] = /^([ \t]*)(.?)/.exec(text.slice(at, at + 200)) ?? [];
    if (rest === "#" && space.length >= Math.max(indent, 1)) found = nextLine(text, at);
    else if (rest !== "" && rest !== "\r") break;
  }
  return found;
}

function onLines(text: string, at: Place, lines: readonly string[]): Splice {
  const end = lineEndOf(text);
  const isOpen = at > 0 && text[at - 1] !== "\n";
  return { from: at, to: at, text: `${isOpen ? end : ""}${lines.map((line) => `${line}${end}`).join("")}` };
}

function indented(lines: readonly string[], indent: number): readonly string[] {
  return lines.map((line) => " ".repeat(indent) + line);
}

function columnOf(text: string, at: Place): number {
  return at - (text.lastIndexOf("\n", at - 1) + 1);
}

function nextLine(text: string, at: Place): Place {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end + 1;
}

function lineEndOf(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}

/** `splices`: in the order of their places, none over another. */
function spliced(text: string, splices: readonly Splice[]): string {
  return splices.toReversed().reduce((all, { from, to, text }) => all.slice(0, from) + text + all.slice(to), text);
}
