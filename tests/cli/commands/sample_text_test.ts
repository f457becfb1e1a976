/** Rows before and after, as a terminal shows them. @module */

import { assertEquals } from "@std/assert";
import { sampleText } from "../../../lib/cli/commands/sample_text.ts";

Deno.test("sampleText() shows each row's columns, what is deleted, and what only a run can show", () => {
  const text = sampleText([
    {
      table: "users",
      columns: ["email", "nick"],
      rows: [
        {
          gone: false,
          cells: [{ before: "ada@x.example", after: "a1@example.com" }, { before: null, after: null }],
        },
        {
          gone: true,
          cells: [{ before: "b@x.example", after: "b2@example.com" }, { before: "", after: "x\u001b[2J" }],
        },
        { gone: false, cells: [{ before: "c", after: "c" }, { before: "", after: "x\u001b[2J" }] },
      ],
      unseen: ["body"],
    },
    { table: "empty", columns: ["a"], rows: [], unseen: [] },
  ]);
  const [, users = "", empty = ""] = text.split(/\n\n(?=users|empty)/);
  assertEquals(users.split("\n"), [
    "users, before and after",
    "  email  ada@x.example  ->  a1@example.com",
    "  nick   NULL           ->  (the same)",
    "",
    "  (this row is deleted)",
    "",
    "  email  c   ->  (the same)",
    '  nick   ""  ->  x\\x1b[2J',
    "  only a run can show: body",
  ]);
  assertEquals(empty, "empty, before and after: no rows\n");
});
