/** Makes objects of what an engine found in catalogues: texts and names are searched here, and go no further. @module */

import { createHash } from "node:crypto";
import { listsIn, type LiteralList, literalsIn } from "./literal_lists.ts";
import {
  hasSurprisingDictionaryOption,
  hasSurprisingOption,
  isSurprisingDefault,
  listsSurprisingNumbers,
} from "./surprising_literals.ts";
import type { Cell } from "./engine.ts";
import type { SchemaObject } from "./inventory.ts";
import type { PersonalKind } from "./personal_text.ts";
import { type SchemaObjectKind, schemaObjectKinds } from "../core/object_kinds.ts";

/** An object, as a catalogue shows it. */
export interface FoundObject {
  readonly kind: SchemaObjectKind;
  /** As people name it; anything may be in it. */
  readonly name: string;
  /** `none`: it has no text; `unreadable`: the master user may not see it. */
  readonly text: { readonly body: string } | "none" | "unreadable";
  /** What its engine has found in the text already. */
  readonly holds?: readonly PersonalKind[];
}

/** A name that a user chose. */
export interface FoundName {
  /** Its object, without the name: `pg_class 16432`. */
  readonly what: string;
  readonly name: string;
  /** The name is a pattern of hosts; absent: an ordinary name. */
  readonly reads?: "host";
}

/**
 * The kind that a query's row names.
 *
 * @throws {TypeError} for any other word.
 */
export function kindOf(word: Cell | undefined): SchemaObjectKind {
  const kind = schemaObjectKinds.find((kind) => kind === word);
  if (!kind) throw new TypeError(`Cannot read the catalogue: no kind "${word}"`);
  return kind;
}

/** Kinds whose texts list values; a partition bound's are values of rows. */
const enumerations: ReadonlySet<SchemaObjectKind> = new Set([
  "enum labels",
  "check constraint",
  "domain",
  "partition bound",
]);

/** Kinds whose texts are statements or expressions, in which lists may stand. */
const statements: ReadonlySet<SchemaObjectKind> = new Set([
  "view",
  "materialised view",
  "rule",
  "policy",
  "function",
  "trigger",
  "event",
  "generated column",
  "index expression",
  "statistics object",
  "partition key",
  "publication",
  "default",
  "value for old rows",
]);

/** Kinds whose texts people write for people. */
const prose: ReadonlySet<SchemaObjectKind> = new Set(["comment", "security label"]);

/** Kinds whose texts are values of columns that may need no rule. */
const defaults: ReadonlySet<SchemaObjectKind> = new Set(["default", "value for old rows"]);

/** The objects, each with what was found in its text, and the names that look personal. */
export async function schemaObjectsOf(
  objects: readonly FoundObject[],
  names: readonly FoundName[],
): Promise<readonly SchemaObject[]> {
  const { personalInHost, personalInName, ...search } = await import("./personal_text.ts");
  const searchName = (name: string, reads?: "host") => {
    const key = `${reads} ${name}`;
    const holds = knownNames.get(key) ?? (reads === "host" ? personalInHost : personalInName)(name);
    knownNames.set(key, holds);
    return holds;
  };
  const positions = new Map<SchemaObjectKind, number>();
  const counts = Map.groupBy(objects, ({ kind }) => kind);
  const found = objects.map(({ kind, name, text, holds: foundBefore = [] }): SchemaObject => {
    const position = (positions.get(kind) ?? 0) + 1;
    positions.set(kind, position);
    const inName = searchName(name);
    const shown = inName.length === 0 ? { name } : {
      name: `${position} of ${counts.get(kind)?.length} (its name looks like: ${inName.join(", ")})`,
      object: name,
    };
    if (typeof text === "string") return { kind, ...shown, text };
    const inText = searchText(kind, text.body, search);
    const holds: PersonalKind[] = [...new Set([...inText.personal, ...foundBefore])];
    if (inText.namesPersons) holds.push("personal name");
    if (holds.length === 0 && inText.isSurprising) holds.push("identifier");
    const digest = shortDigest(inText.digest);
    return { kind, ...shown, digest, ...(holds.length > 0 ? { text: "sensitive", holds } : { text: "plain" }) };
  });
  const sensitive = names.flatMap(({ what, name, reads }): readonly SchemaObject[] => {
    const holds = searchName(name, reads);
    return holds.length === 0
      ? []
      : [{ kind: "name", name: what, text: "sensitive", holds, digest: shortDigest(digestOf(name)) }];
  });
  return [...found, ...sensitive];
}

/** What was found in a text. */
interface Found {
  /** Of the whole text, for this process alone: see {@linkcode shortDigest}. */
  readonly digest: string;
  readonly personal: readonly PersonalKind[];
  readonly namesPersons: boolean;
  readonly isSurprising: boolean;
}

/** By kind and digest: an inventory is read several times, and every MySQL has the same hundreds of programs in `sys`. */
const known = new Map<string, Found>();

/** The same of names. */
const knownNames = new Map<string, readonly PersonalKind[]>();

function searchText(
  kind: SchemaObjectKind,
  body: string,
  { namesPersons, personalIn, tellsSecret }: Pick<
    typeof import("./personal_text.ts"),
    "namesPersons" | "personalIn" | "tellsSecret"
  >,
): Found {
  const digest = digestOf(body);
  const key = `${kind} ${digest}`;
  const before = known.get(key);
  if (before) return before;
  const lists = enumerations.has(kind) || statements.has(kind) ? listsIn(body) : [];
  const found: Found = {
    digest,
    personal: prose.has(kind) && tellsSecret(body) ? [...personalIn(body), "secret"] : personalIn(body),
    namesPersons: namesPersons(listed(kind, body, lists), kind === "partition bound"),
    isSurprising: isSurprising(kind, body, lists),
  };
  known.set(key, found);
  return found;
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** See {@linkcode SchemaObject.digest}. */
function shortDigest(digest: string): string {
  return digest.slice(0, 4);
}

/** Whether numbers or dates in an object's text may be those of a row. */
function isSurprising(kind: SchemaObjectKind, body: string, lists: readonly LiteralList[]): boolean {
  if (defaults.has(kind) && isSurprisingDefault(body)) return true;
  if (kind === "option") return hasSurprisingOption(body);
  if (kind === "text search dictionary") return hasSurprisingDictionaryOption(body);
  if (!enumerations.has(kind) && !statements.has(kind)) return false;
  return listsSurprisingNumbers(body, kind === "enum labels" ? literalsIn(body) : [], lists);
}

/** The string literals of an object's text that are values in lists. */
function listed(kind: SchemaObjectKind, body: string, lists: readonly LiteralList[]): readonly string[] {
  if (enumerations.has(kind)) return literalsIn(body);
  return [...new Set(lists.flatMap(({ literals }) => literals))];
}
