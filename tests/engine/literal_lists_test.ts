/** Literals in lists of values, however the definition is quoted. @module */

import { assertEquals } from "@std/assert";
import { listsIn, literalsIn } from "../../lib/engine/literal_lists.ts";

const name = "Ada Lovelace";

for (
  const [what, definition] of [
    ["one literal", `name IN ('${name}')`],
    ["PostgreSQL's arrays", `name = ANY (ARRAY['${name}'::text, 'x'::text])`],
    ["an apostrophe that a backslash escapes", String.raw`name in ('O\'Neil','${name}')`],
    ["a doubled apostrophe", `name IN ('O''Neil', '${name}')`],
    ["a backslash that escapes nothing", String.raw`name IN ('c:\', '${name}')`],
    ["a bracket in a literal", `name IN ('a)', '${name}')`],
    ["calls in calls", `name IN (trim(lower('x')), trim(lower('${name}')))`],
    ["an apostrophe in a comment", `name IN (/* it's */ '${name}')`],
    ["an apostrophe in a comment before the list", `-- it's\nname IN ('${name}')`],
    ["an apostrophe in MySQL's other comment", `# it's\nname IN ('${name}')`],
    ["an operator of PostgreSQL's that begins as such a comment", `place #> 'x' AND name IN ('${name}')`],
    ["double quotes", `name IN ("${name}")`],
    ["a variable's labels", `DECLARE v ENUM('${name}')`],
    ["an array's literal", `name = ANY ('{calm,"${name}"}'::text[])`],
    ["an array with bounds", `'[0:1]={x,"${name}"}'::text[]`],
    ["an array in an array", String.raw`'{"{\"x\",\"${name}\"}"}'::pairs[]`],
    ["a range's literal", `name <@ '["${name}",x)'::names`],
    ["a multirange's", `name <@ '{[a,b],["${name}",x)}'::many_names`],
    ["dollars in a function", `AS $function$ SELECT name IN ($a$x$a$, $a$${name}$a$) $function$`],
    ["an apostrophe in another list", `a IN ($$it's$$) AND name IN ('${name}')`],
  ] as const
) {
  Deno.test(`a list's literal is found with ${what}`, () => {
    assertEquals(listsIn(definition).flatMap(({ literals }) => literals).includes(name), true);
  });
}

for (
  const definition of [
    `name = '${name}'`,
    `x IN (1) AND name <> '${name}'`,
    `f(in_, '${name}')`,
    `find_in_set('${name}', x)`,
    `'{"name": "${name}"}'::jsonb`,
    `'[${name}]'`,
  ]
) {
  Deno.test(`no list of ${definition} has the literal`, () => {
    assertEquals(listsIn(definition).flatMap(({ literals }) => literals).includes(name), false);
  });
}

Deno.test("literals are found without their quotes and what escapes them", () => {
  const found = new Set(literalsIn(String.raw`_utf8mb4'O\'Neil', 'O''Hara', "x"`));
  assertEquals(["O'Neil", "O'Hara", "x"].filter((literal) => !found.has(literal)), []);
});
