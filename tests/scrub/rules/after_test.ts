/** Statements of `after`: what one may be, and what it is called. @module */

import { assertEquals, assertMatch } from "@std/assert";
import { afterProblems, readAfter } from "../../../lib/scrub/rules/after.ts";

for (
  const [engine, statement, name, explainable = true] of [
    ["postgresql", "INSERT INTO users (email) VALUES ('secret@x.example')", "INSERT INTO users"],
    ["postgresql", "insert into public.users values (1)", "insert into public.users"],
    ["postgresql", 'UPDATE "secret@x.example" SET v = 1', "UPDATE"],
    ["postgresql", "DELETE FROM sessions", "DELETE FROM sessions"],
    ["postgresql", "SELECT setval('users_id_seq', 7)", "SELECT setval"],
    ["postgresql", "UPDATE flags SET on_off = 'a;b' WHERE name = '--'", "UPDATE flags SET"],
    ["postgresql", "REFRESH MATERIALIZED VIEW totals", "REFRESH MATERIALIZED VIEW", false],
    ["mysql", "REPLACE `users` VALUES (1)", "REPLACE"],
    ["mysql", "CALL make_login('secret@x.example')", "CALL make_login", false],
    ["mysql", `UPDATE ${"x".repeat(80)} SET v = 1`, `UPDATE ${"x".repeat(52)}…`],
  ] as const
) {
  Deno.test(`readAfter() calls ${engine}'s ${statement.slice(0, 60)} by no value of it`, () => {
    assertEquals(afterProblems([statement], engine), []);
    assertEquals(readAfter(["SELECT 1", statement], engine)[1], { text: statement, name: `2: ${name}`, explainable });
  });
}

for (
  const [engine, statement, why] of [
    ["postgresql", "", /there is no statement/],
    ["postgresql", 7, /is no text/],
    ["postgresql", "UPDATE a SET b = 1; DROP TABLE a", /without ";", and alone/],
    ["postgresql", "UPDATE a SET b = 1;", /without ";", and alone/],
    ["postgresql", "UPDATE a SET b = 1 -- all of them", /begins a comment/],
    ["postgresql", "ALTER TABLE a ADD b text", /begins with one of INSERT, UPDATE/],
    ["postgresql", "SET ROLE postgres", /begins with one of/],
    ["postgresql", "COMMIT", /begins with one of/],
    ["postgresql", "COPY a TO PROGRAM 'sh'", /begins with one of/],
    ["postgresql", "DO 'BEGIN END'", /begins with one of/],
    ["postgresql", "UPDATE {table:a} SET b = 1", /no marks in braces/],
    ["mysql", "USE other", /begins with one of/],
    ["mysql", "UPDATE a SET b = 1 # all", /begins a comment/],
    ["mysql", "UPDATE a SET b = 'x", /not closed/],
  ] as const
) {
  Deno.test(`afterProblems() refuses ${engine}'s ${JSON.stringify(statement)}`, () => {
    const [problem = "", ...others] = afterProblems(["SELECT 1", statement], engine);
    assertEquals(others, []);
    assertMatch(problem, why);
    assertMatch(problem, /^after: statement 2\b/);
  });
}
