/** The report in a real browser: safe, readable, searchable. Left out where no Chromium is installed. @module */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { htmlReport } from "../../../lib/report/html/html_report.ts";
import { accessibilityFaults } from "../accessibility.ts";
import { findChromium, openPage, type Page } from "../browser.ts";
import { compare } from "../../../lib/report/html/comparison.ts";
import { exampleReport, hostileNames, previousReport } from "../example_report.ts";

const chromium = await findChromium();
const note = chromium === undefined ? " (left out: there is no Chromium)" : "";
const file = { name: "run.json", sha256: "cd".repeat(32), signed: true } as const;
const html = await htmlReport(exampleReport, { file, previous: previousReport });

function inBrowser(name: string, check: (page: Page) => Promise<void>, text = html): void {
  Deno.test(`${name}${note}`, async () => {
    if (chromium === undefined) return;
    const folder = await Deno.makeTempDir({ prefix: "report-" });
    try {
      await Deno.writeTextFile(`${folder}/report.html`, text);
      await using page = await openPage(chromium, `${folder}/report.html`);
      await check(page);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

Deno.test("the report asks for nothing from elsewhere", () => {
  assertEquals(html.match(/<[a-z][^>]*\s(?:src|href|action|srcset|data|poster)\s*=(?!"#)/gi) ?? [], []);
  assert(!/url\(|@import|fetch\(|XMLHttpRequest|WebSocket|eval\(|innerHTML/.test(html));
});

Deno.test("the report's policy allows one style sheet and one script", () => {
  const [, policy = ""] = /Content-Security-Policy"\s+content="([^"]*)"/.exec(html) ?? [];
  const spelt = policy.replaceAll("&#39;", "'");
  assert(
    /^default-src 'none'; style-src 'sha256-[^']{44}'; script-src 'sha256-[^']{44}'; base-uri 'none'; form-action 'none'$/
      .test(spelt),
    spelt,
  );
});

inBrowser("the report loads without a complaint or a request, and searches", async (page) => {
  assertEquals(page.complaints, []);
  assertEquals(page.requests, []);
  assertEquals(await page.evaluate("document.title"), "Scrub report: govuk-postgresql-primary, mysql-primary");
  const shown = (words: string, by = "") =>
    page.evaluate<string>(`(() => {
      document.getElementById("words").value = ${JSON.stringify(words)};
      document.getElementById("words").dispatchEvent(new Event("input"));
      document.getElementById("by").value = ${JSON.stringify(by)};
      document.getElementById("by").dispatchEvent(new Event("change"));
      const rows = [...document.querySelectorAll("#columns-table tr[data-by]")].filter((row) => row.checkVisibility());
      return rows.length + " shown, " + document.getElementById("found").textContent;
    })()`);
  assertEquals(await shown(""), "39 shown, 39 of 39 columns");
  assertEquals(await shown("EMAILS  address"), "1 shown, 1 of 39 columns");
  assertEquals(await shown("", "structural"), "17 shown, 17 of 39 columns");
  assertEquals(await shown("nothing of the kind"), "0 shown, 0 of 39 columns");
});

inBrowser("hostile names stay text", async (page) => {
  const text = await page.evaluate<string>("document.body.textContent");
  for (const name of hostileNames.filter((name) => !name.includes("\u202e"))) assertStringIncludes(text, name);
  assertStringIncludes(text, "name\\u{202e}gnp.exe");
  assertEquals(await page.evaluate("document.images.length + document.scripts.length"), 1);
});

inBrowser("every link leads to a section of the page", async (page) => {
  const links = await page.evaluate<string[]>("[...document.links].map((link) => link.getAttribute('href'))");
  assertEquals(links, ["#timeline", "#previous", "#source-0", "#source-1", "#columns", "#evidence", "#glossary"]);
  assertEquals(await page.evaluate("[...document.links].every((link) => document.querySelector(link.hash))"), true);
});

inBrowser("tables sort by any column, up and down, and rows keep to their group", async (page) => {
  const sorted = (label: string, column: number) =>
    page.evaluate<string[]>(`(() => {
      const table = [...document.querySelectorAll("table")].find((one) => one.caption.textContent === ${
      JSON.stringify(label)
    });
      table.tHead.rows[0].cells[${column}].querySelector("button").click();
      return [...table.rows].slice(1).map((row) => row.cells[${column}].textContent.trim());
    })()`);
  const changed = "Changed tables of email-alert-api_production";
  assertEquals(await sorted(changed, 2), ["3", "1,204", "4,012,001", "20,098,311"]);
  assertEquals(await sorted(changed, 2), ["20,098,311", "4,012,001", "1,204", "3"]);
  const [group, ...columns] = await sorted("All columns", 0);
  assertStringIncludes(group ?? "", "emails");
  assertEquals(columns.slice(0, 3), ["address", "body", "created_at"]);
});

inBrowser("a button copies the text beside it, or selects it", async (page) => {
  const copied = await page.evaluate<string>(`(async () => {
    const button = [...document.querySelectorAll("pre + button.copy")]
      .find((one) => one.previousElementSibling.textContent.includes("nickname"));
    button.click();
    await new Promise((done) => new MutationObserver(done).observe(button, { childList: true }));
    return button.textContent === "Copied" ? await navigator.clipboard.readText().catch(() => button.previousElementSibling.textContent)
      : String(getSelection());
  })()`);
  assertStringIncludes(copied, "users: { columns: { nickname: lorem() } }");
});

inBrowser("a script or style that got into the report does nothing", async (page) => {
  assertEquals(await page.evaluate("document.title"), "Scrub report: govuk-postgresql-primary, mysql-primary");
  assert(page.complaints.length >= 2 && page.complaints.every((one) => /Content Security Policy/.test(one)));
}, html.replace("<main>", '<main><script>document.title="broken"</script><img src="https://example.com/x.png">'));

for (const scheme of ["light", "dark"] as const) {
  for (const width of [1400, 400]) {
    inBrowser(`the report fits ${width} pixels and can be read by everybody, ${scheme}`, async (page) => {
      await page.resize(width, 900, scheme);
      await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
      assertEquals(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), true);
      assertEquals(await accessibilityFaults(page), []);
      const png = await page.screenshot();
      assertEquals([...png.subarray(1, 4)], [..."PNG"].map((letter) => letter.charCodeAt(0)));
    });
  }
}

inBrowser(
  "the check of what everybody can read finds a text without contrast and a field without a label",
  async (page) => {
    const rules = (await accessibilityFaults(page)).map((fault) => fault.split(":")[0]);
    assertEquals(rules.filter((rule) => ["color-contrast", "label"].includes(rule ?? "")), ["color-contrast", "label"]);
  },
  html.replace("<main>", '<main><p style="color: #bbb; background: #fff">faint</p><input>').replace(
    /<meta http-equiv[^>]*>/,
    "",
  ),
);

inBrowser("the report prints with everything open and without its search", async (page) => {
  const pdf = await page.pdf();
  assertEquals(new TextDecoder("latin1").decode(pdf.subarray(0, 5)), "%PDF-");
  const open = "[...document.querySelectorAll('details')].every((one) => one.open)";
  assertEquals(await page.evaluate(open), true);
});

Deno.test("a dry run's report says what would be done", async () => {
  const [source] = exampleReport.sources;
  assert(source);
  const dry = { ...source, databases: [], exports: [], residue: [], wouldDo: ["restore a snapshot"] };
  const text = await htmlReport({ ...exampleReport, dryRun: true, exitStatus: 0, sources: [dry] });
  assertStringIncludes(text, "dry run: nothing was changed");
  assertStringIncludes(text, "restore a snapshot");
});

Deno.test("a clean source's verdict says what was removed, what was proven, and who got it", async () => {
  const text = (await htmlReport(exampleReport)).replaceAll(/<[^>]*>/g, "").replaceAll(/\s+/g, " ");
  for (
    const sentence of [
      "In 1 database 24,111,519 rows were pseudonymised or emptied, and 1 row deleted.",
      "Afterwards, on the temporary instance, before the snapshot: 14 conditions held for every scrubbed row, and no row references a missing row (11 foreign keys).",
      "8,123,456 removed addresses and tokens were looked for: before the change in full in 14 kept columns, and afterwards in full in 11 tables, in full in 2 changed columns that no condition describes and by a sample in 1 big table.",
      "1,204 more were not looked for, because public columns or kept keys hold them as well.",
      "Names, postal addresses, dates, phone numbers and short words are not searched for: that they are gone, and what columns that stay hold, rests on the rules and reviews. What is taken on trust is listed with each database.",
      "What the proof takes on trust: 2 They count. A short number may be anything else: subscribers.visits Names of persons in comments are not recognised",
      "The result is snapshot scrubbed-govuk-postgresql-primary-2026-11-24-03-48. It is shared with 123456789012 and 210987654321.",
    ]
  ) assertStringIncludes(text, sentence);
});

Deno.test("a refused source's page says that nothing was scrubbed, nowhere that something was", async () => {
  const [, refused] = exampleReport.sources;
  assert(refused);
  const text = (await htmlReport({ ...exampleReport, sources: [refused] })).replaceAll(
    /<style>.*<\/style>|<[^>]*>/gs,
    "",
  );
  assertStringIncludes(text, "Refused before the scrub: no data was changed, and no snapshot was made.");
  assertEquals(text.match(/(?<!not |was )\bscrubbed\b/g), null);
});

Deno.test("a comparison finds new columns, changed counts and the time of each phase", () => {
  const [now] = exampleReport.sources;
  const [before] = previousReport.sources;
  assert(now && before);
  const [tonight, lastNight] = [{ ...now, dryRun: false }, { ...before, dryRun: false }];
  const { newColumns, lostColumns, counts, phases } = compare(tonight, lastNight);
  assertEquals([newColumns, lostColumns], [["email-alert-api_production: messages.body"], []]);
  assertEquals(counts.map(({ table, what, before, now }) => [table, what, before, now]), [
    ["email-alert-api_production.subscribers", "changed", 4_000_000, 4_012_001],
    ["email-alert-api_production.subscribers", "left", 4_000_000, 4_012_001],
  ]);
  assertEquals(phases.filter(({ phase }) => ["scrub", "verify"].includes(phase)), [
    { phase: "scrub", before: 660, now: 900 },
    { phase: "verify", before: undefined, now: 360 },
  ]);
  assertEquals(compare(lastNight, tonight).lostColumns, ["email-alert-api_production: messages.body"]);
});

Deno.test("every column says who decided about it, and from what", () => {
  const rows = html.split("<tr").filter((row) => row.startsWith(" data-by"));
  const cells = rows.map((row) => row.replaceAll(/<[^>]*>/g, "|").split("|").filter((cell) => cell.trim() !== ""));
  const deciders = new Set(
    cells.filter(([, column]) => /^(?:id|address|title)$/.test(column ?? "")).map((row) => row[4]),
  );
  assertEquals([...deciders], [
    "datascrubber",
    "email-alert-api, from rules/email-alert-api.yaml",
    "data protection team, from schema of 2026-10-02",
  ]);
});

Deno.test("a failed source that left something in AWS is not called clean of it", async () => {
  const [, refused] = exampleReport.sources;
  assert(refused?.failure);
  const leftovers = { ...refused.failure, kind: "leftovers", code: "leftovers" } as const;
  for (const failure of [leftovers, { ...refused.failure, kind: "failed", also: [leftovers] } as const]) {
    const text = await htmlReport({ ...exampleReport, sources: [{ ...refused, failure }] });
    assertStringIncludes(text, "Something was left in AWS.");
    assertEquals(text.includes("There is no snapshot"), false);
  }
});
