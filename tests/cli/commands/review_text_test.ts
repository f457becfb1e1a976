/** What `review` prints where a name or a path could mean something else to GitHub. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { reviewText } from "../../../lib/cli/commands/review_text.ts";
import { parseRuleFile } from "../../../lib/scrub/rule_files/parse.ts";
import type { Review } from "../../../lib/core/review.ts";

const entry = { table: "shops", column: "note", type: "text", reason: "", by: "", source: "" };
const review: Review = {
  engine: "postgresql",
  database: "shop",
  scrubber: "shop",
  accounted: { ruled: 3, structural: 2, computed: 1, reviewed: 4 },
  milliseconds: 12,
  findings: [{ what: "shops.note text", why: "new: 100%\n::error::forged", rule: "shops: …", entry }],
};
const clean: Review = { ...review, findings: [] };

Deno.test("an annotation stands on one line, whatever a name holds", () => {
  const text = reviewText(review, "github", 80, "a,b:c.json");
  const [first = "", second = ""] = text.split("\n");
  assertEquals(
    first,
    "::error file=a%2Cb%3Ac.json,title=shops.note text is unclassified::new: 100%25%0A::error::forged%0A" +
      "Rule for shop: shops: …%0AOr the entry for reviewed.json: " + JSON.stringify(entry),
  );
  assertStringIncludes(second, "1 unclassified");
});

Deno.test("rules that no longer fit are an annotation of their own", () => {
  const text = reviewText({ ...clean, unfit: "column shops.old: it is not there" }, "github", 80);
  assertStringIncludes(text, "::error title=rules of shop no longer fit::column shops.old: it is not there");
});

for (const format of ["table", "github"] as const) {
  Deno.test(`a clean review is one line: ${format}`, () => {
    assertEquals(
      reviewText(clean, format, 80),
      "shop by shop: 3 columns by rules, 2 structural, 1 computed, 4 reviewed; everything is classified (12 ms)\n",
    );
  });
}

Deno.test("a review in JSON says whether it is clean", () => {
  assertEquals(JSON.parse(reviewText(clean, "json", 80)).clean, true);
  assertEquals(JSON.parse(reviewText({ ...clean, unfit: "gone" }, "json", 80)).clean, false);
});

const why = "unclassified column: no rule, no proven structure, no review";
const column = (table: string, name: string, type: string, rule?: string, note = "") => ({
  what: `${table}.${name} ${type}`,
  why: why + note,
  ...(rule !== undefined && { rule: `${table}: { columns: { ${name}: ${rule} } }` }),
  entry: { table, column: name, type, reason: "", by: "", source: "" },
});

Deno.test("a review groups what it finds by table, says each thing once, and ends with what to paste", () => {
  const jobs = "; its table looks like a queue of work";
  const findings = [
    column("shops", "note", "text", "lorem()"),
    column("shops", "owner", "varchar(80)", 'template("{hash}")'),
    column("shops", "size", "integer"),
    column("jobs", "payload", "jsonb", "emptied()", jobs),
    column("jobs", "queue", "text", "lorem()", jobs),
    {
      what: "comment on table shops",
      why: "it looks like a mail address",
      entry: { object: "comment" as const, name: "on table shops", reason: "", by: "", source: "" },
    },
  ];
  assertEquals(
    reviewText({ ...review, findings }, "table", Infinity),
    `shop by shop: 3 columns by rules, 2 structural, 1 computed, 4 reviewed; 6 unclassified (12 ms)

Unclassified column: no rule, no proven structure, no review
  shops
    note   text
    owner  varchar(80)
    size   integer
  jobs (its table looks like a queue of work)
    payload  jsonb
    queue    text

It looks like a mail address
  comment
    on table shops

To paste into the tables of the scrubber "shop". A column with a rule may stay instead: review --reviewed FILE --write asks why, and writes its entry.
  shops: { columns: { note: lorem(), owner: template("{hash}") } },
  jobs: { columns: { payload: emptied(), queue: lorem() } },

To paste into reviewed.json if it may stay, with reason, by and source filled in:
  {"table":"shops","column":"size","type":"integer","reason":"","by":"","source":""},
  {"object":"comment","name":"on table shops","reason":"","by":"","source":""}
`,
  );
});

Deno.test("what only one column of a table is said of stands beside it", () => {
  const findings = [column("shops", "a", "text", "lorem()"), column("shops", "b", "text", "lorem()", "; it is long")];
  const text = reviewText({ ...review, findings }, "table", 80);
  assertStringIncludes(text, "  shops\n    a  text\n    b  text; it is long\n");
});

Deno.test("what a review says to paste into a rule file can be pasted there", () => {
  const findings = [
    column("shops", "note", "text", "lorem"),
    column("shops", "owner", "varchar(80)", '{ template: "{hash}" }'),
    column("shops", "size", "integer"),
  ];
  const rules = { path: "shop.yaml", sha256: "0".repeat(64) };
  const text = reviewText({ ...review, rules, findings }, "table", Infinity);
  const [, tables = "", reviewed = ""] =
    /To paste below tables: in shop\.yaml\..*\n([^]*?)\n\nTo paste below reviewed: in shop\.yaml .*\n([^]*)$/.exec(
      text,
    ) ?? [];
  const signed = reviewed.replaceAll('":""', '":"x"');
  const pasted = `database: shop\nengine: postgresql\ntables:\n${tables}\nreviewed:\n${signed}`;
  const { file, problems } = parseRuleFile(new TextEncoder().encode(pasted), { environment: {}, scrubbers: [] });
  assertEquals(problems, []);
  assertEquals(file?.tables, {
    shops: { columns: { note: { strategy: "lorem" }, owner: { strategy: "template", with: "{hash}" } } },
  });
  assertEquals(file?.reviewed.length, 1);
});
