/** The YAML of another tool's file, as plain values that know their lines. @module */

import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import type { Json } from "../../engine/expressions.ts";
import { yamlProblem } from "../rule_files/yaml_problem.ts";

/** A value of an old file. */
export interface OldNode {
  /** Counts from 1. */
  readonly line: number;
  /** All of it, as plain data. */
  readonly value: Json;
  /** Of a mapping: its entries in their order. */
  readonly entries?: ReadonlyMap<string, OldNode>;
  /** Of a list. */
  readonly items?: readonly OldNode[];
}

/** Something in an old file that can't be understood. The message quotes no value. */
export class OldFileProblem extends Error {
  override readonly name = "OldFileProblem";
  constructor(readonly line: number, message: string) {
    super(message);
  }
}

/** More than such files hold. Aliases repeat what they name, and may name aliases. */
const most = { bytes: 4_000_000, nodes: 200_000, depth: 60 };

/**
 * Reads YAML, or JSON, which is YAML too. Aliases are resolved, tags are ignored.
 *
 * @throws {OldFileProblem}
 */
export function readOldFile(bytes: Uint8Array): OldNode {
  if (bytes.length > most.bytes) throw new OldFileProblem(1, `the file is longer than ${most.bytes} bytes`);
  const text = decode(bytes);
  const lines = new LineCounter();
  const document = parse(text, lines);
  const [error] = document.errors;
  if (error) throw new OldFileProblem(lineOf(error.pos[0]), yamlProblem(error.code));
  if (document.contents === null) throw new OldFileProblem(1, "the file is empty");
  let nodes = 0;
  return read(document.contents, 0, 1);

  function lineOf(place: number | undefined): number {
    return place === undefined ? 1 : Math.max(1, lines.linePos(place).line);
  }

  function read(node: unknown, depth: number, otherwise: number): OldNode {
    if (!isNode(node)) return { line: otherwise, value: null };
    const line = node.range ? lineOf(node.range[0]) : otherwise;
    if (++nodes > most.nodes) throw new OldFileProblem(line, "the file holds too much, or its aliases repeat too much");
    if (depth > most.depth) throw new OldFileProblem(line, "it is nested too deeply");
    if (isAlias(node)) {
      const named: Node | undefined = node.resolve(document);
      if (named === undefined) throw new OldFileProblem(line, "an alias names an anchor that is not there");
      return read(named, depth + 1, line);
    }
    if (isScalar(node)) return { line, value: plain(node.value, node.source) };
    if (isSeq(node)) {
      const items = node.items.map((item) => read(item, depth + 1, line));
      return { line, value: items.map(({ value }) => value), items };
    }
    const entries = new Map<string, OldNode>();
    for (const { key, value } of isMap(node) ? node.items : []) {
      const at = isNode(key) && key.range ? lineOf(key.range[0]) : line;
      const name = isScalar(key) ? key.type === "PLAIN" ? key.source ?? "" : String(key.value) : undefined;
      if (name === undefined || name === "__proto__") throw new OldFileProblem(at, "a key is no name");
      const found = read(value, depth + 1, at);
      if (name === "<<") {
        for (const one of found.items ?? [found]) {
          for (const [name, node] of one.entries ?? []) if (!entries.has(name)) entries.set(name, node);
        }
        continue;
      }
      entries.set(name, { ...found, line: at });
    }
    return { line, value: Object.fromEntries([...entries].map(([name, { value }]) => [name, value])), entries };
  }
}

function decode(bytes: Uint8Array): string {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (!text.includes("\0")) return text;
  } catch {
    // Said below.
  }
  throw new OldFileProblem(1, "the file is not text in UTF-8");
}

function parse(text: string, lineCounter: LineCounter): Document.Parsed {
  try {
    return parseDocument(text, { lineCounter, prettyErrors: false, version: "1.2", schema: "core", logLevel: "error" });
  } catch {
    // The parser calls itself for every bracket.
    throw new OldFileProblem(1, "it is nested too deeply");
  }
}

/** A number that would be changed by reading it stays text. */
function plain(value: unknown, source: string | undefined): Json {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  if (
    typeof value === "number" && Number.isFinite(value) && (Number.isSafeInteger(value) || !Number.isInteger(value))
  ) {
    return value;
  }
  return source ?? String(value);
}
