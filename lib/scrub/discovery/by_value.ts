/**
 * What a column holds, by some of its values. They are read in memory only: a finding says how many of them are of a kind, and
 * quotes none. Import it lazily.
 * @module
 */

import { namesPersons, personalIn, type PersonalKind } from "../../engine/personal_text.ts";
import { type ValueKind, valueKind } from "../../engine/personal_values.ts";
import type { Finding, PersonalClass } from "./classes.ts";
import { nameSaysPersonal } from "./by_name.ts";

/** What values say. */
export interface ValueFinding {
  /** Absent: nothing personal was seen in them. */
  readonly finding?: Finding;
  /** So few short values, so often, that they are codes, such as states. */
  readonly codes: boolean;
}

/** Least share of the values that must be of one kind, for the column to be of it. */
const leastShare = 0.5;
/** At most so many characters of a value are read. */
const mostCharacters = 4000;

const classOf: Readonly<Record<ValueKind, PersonalClass | undefined>> = {
  "mail address": "mailAddress",
  IBAN: "iban",
  "payment card number": "paymentCard",
  "NHS number": "nhsNumber",
  "National Insurance number": "nationalInsurance",
  "IP address": "ipAddress",
  "MAC address": "macAddress",
  "telephone number": "phone",
  postcode: "postcode",
  "vehicle's number": "vehicle",
  JWT: "token",
  "hash of a password": "passwordHash",
  token: "token",
  browser: "device",
  position: "geolocation",
  "street address": "postalAddress",
  "name of a company": "organisation",
  // By themselves these are no person's.
  "web address": undefined,
  "JSON document": undefined,
};

/** What the values, NULL left out, say of their column. */
export function findByValues(values: readonly string[]): ValueFinding {
  const some = values.map((value) => value.slice(0, mostCharacters).trim()).filter((value) => value !== "");
  if (some.length === 0) return { codes: false };
  const codes = areCodes(some);
  const kinds = some.map(valueKind);
  const most = [...Map.groupBy(kinds, (kind) => kind)].filter(([kind]) => kind !== undefined)
    .sort(([, a], [, b]) => b.length - a.length)[0];
  const [kind, found = []] = most ?? [];
  const share = found.length / some.length;
  const holds = kind && classOf[kind];
  if (holds && share >= leastShare) {
    return {
      codes: false,
      finding: { holds, confidence: "certain", evidence: say(found.length, some.length, named(kind)) },
    };
  }
  if (kind === "JSON document" && share >= leastShare) return { codes: false, ...inDocuments(some) };
  return { codes, ...inTexts(some, codes) };
}

/** The member's names of documents, and the personal data in their texts. */
function inDocuments(values: readonly string[]): { readonly finding?: Finding } {
  const names = new Set(values.flatMap((value) => memberNames(value)).filter(nameSaysPersonal));
  const kinds = countKinds(values);
  const [most] = [...kinds].sort(([, a], [, b]) => b - a);
  if (names.size === 0 && !most) return {};
  const evidence = [
    ...(names.size > 0
      ? [`its documents have members such as ${[...names].slice(0, 3).map((name) => `"${name}"`).join(", ")}`]
      : []),
    ...(most ? [say(most[1], values.length, `hold ${article(most[0])}`)] : []),
  ].join("; ");
  return { finding: { holds: "json", confidence: "certain", evidence } };
}

/** Names of persons, and personal data inside longer texts. */
function inTexts(values: readonly string[], codes: boolean): { readonly finding?: Finding } {
  const names = values.filter((value) => namesPersons([value], true)).length;
  if (!codes && names / values.length >= leastShare && values.length >= 3) {
    return {
      finding: {
        holds: "personName",
        confidence: "likely",
        evidence: say(names, values.length, "are written as names of persons"),
      },
    };
  }
  const kinds = countKinds(values);
  const [most] = [...kinds].filter(([kind]) => kind !== "identifier").sort(([, a], [, b]) => b - a);
  if (most) {
    return {
      finding: {
        holds: "freeText",
        confidence: "certain",
        evidence: say(most[1], values.length, `hold ${article(most[0])}`),
      },
    };
  }
  return {};
}

function countKinds(values: readonly string[]): ReadonlyMap<PersonalKind, number> {
  const counts = new Map<PersonalKind, number>();
  for (const value of values) for (const kind of personalIn(value)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** At least twenty values, of which at most every fourth is another, and all are short. */
function areCodes(values: readonly string[]): boolean {
  const distinct = new Set(values);
  return values.length >= 20 && distinct.size <= Math.min(12, values.length / 4) &&
    values.every(({ length }) => length <= 40);
}

function memberNames(text: string): readonly string[] {
  const names = new Set<string>();
  const visit = (value: unknown, depth: number): void => {
    if (typeof value !== "object" || value === null || depth > 6) return;
    for (const [name, inner] of Object.entries(value)) {
      if (!Array.isArray(value)) names.add(name);
      visit(inner, depth + 1);
    }
  };
  try {
    visit(JSON.parse(text), 0);
  } catch {
    return [];
  }
  return [...names];
}

function say(count: number, of: number, what: string): string {
  return `${count} of ${of} values ${what}`;
}

function named(kind: ValueKind | undefined): string {
  return `are written as ${article(kind ?? "")}`;
}

function article(noun: string): string {
  return /^(?:[aeio]|IP|IBAN|NHS)/.test(noun) ? `an ${noun}` : `a ${noun}`;
}
