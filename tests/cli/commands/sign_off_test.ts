/** `review --write`: what a person says of each column ends up in the file, and nothing else changes there. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import type { ReviewedFile } from "../../../lib/cli/settings/reviewed_file.ts";
import { withEntries } from "../../../lib/cli/settings/reviewed_file.ts";
import { type EditableRules, signOff } from "../../../lib/cli/commands/sign_off.ts";
import { readReviewed, readReviewedFile } from "../../../lib/scrub/coverage/reviewed.ts";
import type { Reviewed } from "../../../lib/core/reviewed.ts";
import type { Finding, Review } from "../../../lib/core/review.ts";

const signature = { reason: "is public", by: "somebody", source: "the schema" };

function finding(column: string, type = "integer", samples?: readonly string[]): Finding {
  const entry = { table: "shops", column, type, reason: "", by: "", source: "" };
  return { what: `shops.${column} ${type}`, why: "new", entry, ...(samples && { samples }) };
}

function reviewOf(...findings: readonly Finding[]): Review {
  const accounted = { ruled: 1, structural: 1, computed: 0, reviewed: 0 };
  return { engine: "mysql", database: "shop", scrubber: "shop", accounted, milliseconds: 1, findings };
}

/** Answers in turn; then nobody is there any more. */
function terminal(...answers: readonly string[]) {
  const left = [...answers];
  const shown: string[] = [];
  return {
    shown,
    say: (text: string) => void shown.push(text),
    ask: (question: string) => {
      shown.push(question);
      return left.shift() ?? null;
    },
  };
}

const empty: ReviewedFile = { path: "reviewed.json", entries: {} };

Deno.test("what has a reason is written with who said so, and what has none is left", () => {
  const { left, text = "" } = signOff(
    reviewOf(finding("size"), finding("secret")),
    { file: empty },
    terminal("me", "the code", "a number of metres", ""),
  );
  assertEquals(left.findings.map(({ what }) => what), ["shops.secret integer"]);
  assertEquals(readReviewedFile("it", text), {
    shop: [{
      table: "shops",
      column: "size",
      type: "integer",
      reason: "a number of metres",
      by: "me",
      source: "the code",
    }],
  });
});

for (
  const [what, answers] of [
    ["nobody answers", []],
    ["nobody says who it is", [""]],
    ["no column gets a reason", ["me", "the code", ""]],
  ] as const
) {
  Deno.test(`where ${what}, nothing is written`, () => {
    const { left, text } = signOff(reviewOf(finding("size")), { file: empty }, terminal(...answers));
    assertEquals([left.findings.length, text], [1, undefined]);
  });
}

Deno.test("values are shown where they came along, without what could steer a terminal", () => {
  const { shown, ...port } = terminal("me", "the code", "");
  signOff(reviewOf(finding("size", "text", ["a\u001b[2Jb"])), { file: empty }, port);
  assertStringIncludes(shown.join(""), "value: a\\x1b[2Jb");
});

const withRule: Finding = {
  ...finding("mail", "text"),
  rule: "shops: { columns: { mail: email } }",
};

/** A rule file whose text tells what was added to it; it takes no rule for a column called closed. */
const rules: EditableRules = {
  path: "shop.yaml",
  text: "begin",
  addRule: (text, { what }) =>
    what.includes("closed") ? { refused: "it is closed" } : { text: `${text}, rule for ${what}` },
  addReview: (text, entry) => ({ text: `${text}, ${entry.reason} by ${entry.by}` }),
};

for (
  const [what, found, answers, expected] of [
    ["r writes the rule", [withRule], ["r"], { rules: "begin, rule for shops.mail text" }],
    ["k and a reason go to the rule file", [withRule], ["k", "me", "it", "small"], {
      rules: "begin, small by me",
    }],
    ["who answers is asked once", [withRule, finding("size")], ["K", "me", "it", "a", "k", "b"], {
      rules: "begin, a by me, b by me",
    }],
    ["another answer is asked for again", [withRule], ["x", "yes", "R"], {
      rules: "begin, rule for shops.mail text",
    }],
    ["a column without a suggestion has no rule to write", [finding("size")], ["r", ""], {}],
    ["Enter skips", [withRule], [""], {}],
    ["a closed terminal skips", [withRule], [], {}],
    ["without a name nothing is kept", [withRule], ["k", ""], {}],
    ["without a reason nothing is kept", [withRule], ["k", "me", "it", ""], {}],
  ] as const
) {
  Deno.test(`for a rule file: ${what}`, () => {
    const { left, ...texts } = signOff(reviewOf(...found), { rules }, terminal(...answers));
    assertEquals<unknown>(texts, expected);
    assertEquals(left.findings.length, "rules" in expected ? 0 : 1);
  });
}

Deno.test("for a rule file, what may stay goes to the file of --reviewed where there is one", () => {
  const answers = ["r", "k", "me", "it", "small"];
  const targets = { rules, file: empty };
  const { left, ...texts } = signOff(reviewOf(withRule, finding("size")), targets, terminal(...answers));
  assertEquals([left.findings.length, texts.rules], [0, "begin, rule for shops.mail text"]);
  const [entry] = readReviewedFile("it", texts.text ?? "")["shop"] ?? [];
  assertEquals(entry?.reason, "small");
});

Deno.test("for a rule file, a rule that has no place there is said, and its column stays unclassified", () => {
  const { shown, ...port } = terminal("r");
  const closed = { ...withRule, what: "shops.closed text" };
  const { left, rules: text } = signOff(reviewOf(closed), { rules }, port);
  assertEquals([left.findings.length, text], [1, undefined]);
  assertStringIncludes(shown.join(""), "Not written: it is closed.");
});

Deno.test("for a scrubber in TypeScript the line to paste is shown", () => {
  const { shown, ...port } = terminal("me", "it", "");
  signOff(reviewOf(withRule), { file: empty }, port);
  assertStringIncludes(shown.join(""), "rule: shops: { columns: { mail: email } }");
});

const before: readonly Reviewed[] = [
  { table: "shops", column: "b", type: "integer", ...signature },
  { group: "public", columns: { shops: { a: "text", old: "text" }, other: { z: "text" } }, ...signature },
  { object: "view", name: "v", ...signature },
];
function fileOf(entries: ReviewedFile["entries"]): ReviewedFile {
  return { path: "reviewed.json", text: JSON.stringify(entries), entries };
}

const added: Reviewed = { table: "shops", column: "new", type: "integer", ...signature };

Deno.test("a list keeps its order, and gets new entries at its end", () => {
  const text = withEntries(fileOf(before), "shop", [added]);
  assertEquals(readReviewed("it", JSON.parse(text)), [...before, added]);
  assertEquals(Object.keys(JSON.parse(text)[1]), Object.keys(before[1] ?? {}));
});

Deno.test("other scrubbers' reviews stay where they are", () => {
  const text = withEntries(fileOf({ z: before, shop: [], a: [] }), "shop", [added]);
  assertEquals(Object.keys(JSON.parse(text)), ["z", "shop", "a"]);
  assertEquals(readReviewedFile("it", text), { z: before, shop: [added], a: [] });
});

for (
  const [what, column, kept] of [
    ["by itself", "b", before.slice(1)],
    ["in a group", "old", [
      before[0],
      { ...before[1], columns: { shops: { a: "text" }, other: { z: "text" } } },
      before[2],
    ]],
  ] as const
) {
  Deno.test(`a column that was reviewed ${what} as another type loses that review`, () => {
    const renewed: Reviewed = { table: "shops", column, type: "json", ...signature };
    const text = withEntries(fileOf(before), "shop", [renewed]);
    assertEquals<unknown>(JSON.parse(text), [...kept, renewed].map((entry) => entry));
  });
}

Deno.test("an entry that fits stands on one line, so that a diff shows it alone", () => {
  const text = withEntries(empty, "shop", [{ ...added, by: "me", source: "it" }]);
  assertEquals(
    text,
    `{
  "shop": [
    { "table": "shops", "column": "new", "type": "integer", "reason": "is public", "by": "me", "source": "it" }
  ]
}
`,
  );
});
