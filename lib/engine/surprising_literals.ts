/** Numbers, dates and names that definitions do not need: they may be those that a row had. @module */

import { isChosen } from "./counters.ts";
import { listsIn, type LiteralList } from "./literal_lists.ts";

/**
 * Whether an expression is nothing but numbers, as of an array or a range, one of which is too long for a default, or a moment like a
 * date of birth. In an expression MySQL prints a literal with its character set, and its quotes with a backslash.
 */
export function isSurprisingDefault(expression: string): boolean {
  const text = expression.trim().replaceAll(/(?:\b_\w+ ?)?\\?'/g, "'")
    .replace(/^\(?cast\((.*) as [\w (),]+\)\)?$/is, "$1");
  const [, numbers] = /^[('{[]*(-?\d+(?:\.\d+)?(?:, *-?\d+(?:\.\d+)?)*,?)[)'}\]]*(?:::[\w .[\]]+)?$/.exec(text) ?? [];
  if (numbers === undefined) return isBirthday(text);
  return numbers.split(",").some((number) => /\d/.test(number) && !isChosen(BigInt(number.trim().replace(/\..*/, ""))));
}

/** A whole hour, or a part of it by which zones are apart, before 2005, as midnight is in some zone; but for the ends of a year, which stand for no moment. */
function isBirthday(text: string): boolean {
  const [, year, day] =
    /^\(?(?:timestamp|date)? ?'?(1[89]\d\d|200[0-4])-(\d\d-\d\d)(?:[ T]\d\d:(?:00|15|20|30|40|45):00(?:\.0+)?(?:[+-]\d\d(?::?00)?)?)?'?\)?(?:::[\w .()]+)?$/i
      .exec(text) ?? [];
  return year !== undefined && day !== "01-01" && day !== "12-31" && day !== "12-30";
}

/**
 * Whether one of a definition's lists of values, as behind IN or in PostgreSQL's ARRAY, a divisor of a hash, or one of these literals is
 * a number of eight or more digits.
 */
export function listsSurprisingNumbers(
  expression: string,
  literals: readonly string[],
  lists: readonly LiteralList[] = listsIn(expression),
): boolean {
  const divisors = [...expression.matchAll(/\b(?:modulus|remainder) (\d+)/gi)].map(([, number = ""]) => number);
  const numbers = [...lists.map(({ text }) => text), ...divisors].flatMap((list) => list.split(","))
    .map((value) => wholeNumber(value.trim().replace(/::[\w ]+$/, "").replaceAll(/^[('\s+-]+|[')\s]+$/g, "")));
  return [...numbers, ...lists.flatMap(({ literals }) => literals), ...literals].some((value) =>
    /^-?\d{8,}$/.test(value) && !isChosen(BigInt(value)) && !isRecentDay(value)
  );
}

/** Without a fraction and an exponent, where it has one. */
function wholeNumber(value: string): string {
  const [, whole = "", fraction = "", exponent = "0"] = /^(\d+)(?:\.(\d*))?(?:e\+?(\d{1,2}))?$/i.exec(value) ?? [];
  return whole === "" ? value : whole + fraction.padEnd(Number(exponent), "0").slice(0, Number(exponent));
}

/** 20260131, by which tables are partitioned; before 2005 it may be a date of birth. */
function isRecentDay(digits: string): boolean {
  return /^20(?:0[5-9]|[1-9]\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/.test(digits);
}

/** Storage engines that MySQL offloads queries to. */
const secondaryEngines = /^(?:rapid|mock)$/i;

/** A cluster has no more groups of nodes (MySQL Reference Manual, "NDB Cluster Nodes, Node Groups"). */
const nodeGroups = 48;

/**
 * Whether an option for a table's size, the planner, an event's schedule or an account's limits is a number beyond any use, or the
 * server keeps one that means nothing to it: a secondary engine that there is not, a group of nodes that no cluster has, a number in an
 * attribute for an engine (JSON), or an option that has its name in backquotes (MariaDB's). Also whether an account's last day is like a date of birth.
 */
export function hasSurprisingOption(options: string): boolean {
  const [, lastDay] = /^valid_until='([^']*)'$/.exec(options) ?? [];
  if (lastDay !== undefined) return isBirthday(lastDay);
  const [, secondary] = /\bsecondary_engine="([^"]*)"/i.exec(options) ?? [];
  if (secondary !== undefined && !secondaryEngines.test(secondary)) return true;
  const [, group] = /^nodegroup=(\d+)$/.exec(options) ?? [];
  if (group !== undefined && Number(group) >= nodeGroups) return true;
  if (/^\s*\{/.test(options)) {
    return [...options.matchAll(/(?<![\w.-])-?\d{8,}(?!\w)/g)].map(String)
      .some((number) => !isChosen(BigInt(number)) && !isRecentDay(number));
  }
  const named =
    /(?:`(?:[^`]|``)+`|\b(?:m(?:ax|in)_rows|avg_row_length|interval|auto_increment|max_[a-z_]+|(?:log_)?autovacuum_[a-z_]+|vacuum_[a-z_]+|n_distinct(?:_inherited)?|connection_limit|gin_pending_list_limit|[a-z]+_page_cost)) *= *'?([-+]?[\w.+-]+)/gi;
  return [...options.matchAll(named)].some(([, number = ""]) => isSurprisingNumber(number));
}

/** Whether a text search dictionary has an option that is such a number, whatever the option: each template has its own. */
export function hasSurprisingDictionaryOption(options: string): boolean {
  return [...options.matchAll(/(?<= = E?')[^']*(?=')|(?<= = )[\w.+-]+/g)].map(String)
    .some((value) => isSurprisingNumber(value) && !isRecentDay(value));
}

/** As a server reads it: whole, in hexadecimal, or with a fraction of which each digit counts. */
function isSurprisingNumber(number: string): boolean {
  const size = number.replace(/^[-+]/, "");
  if (/^(?:\d+|0x[0-9a-f]+|0o[0-7]+|0b[01]+)$/i.test(size)) return !isChosen(BigInt(size));
  const [, digits = ""] = /^([\d.]+)(?:e[-+]?\d+)?$/i.exec(size) ?? [];
  return digits.replaceAll(".", "").replaceAll(/^0+|0+$/g, "").length >= 8;
}
