/** The report in a real browser: safe, readable, searchable. Left out where no Chromium is installed. @module */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { htmlReport } from "../../../lib/report/html/html_report.ts";
import { accessibilityFaults } from "../accessibility.ts";
import { findChromium, openPage, type Page } from "../browser.ts";
import { exampleReport, hostileNames } from "../example_report.ts";

const chromium = await findChromium();
const note = chromium === undefined ? " (left out: there is no Chromium)" : "";
const html = await htmlReport(exampleReport, "cd".repeat(32));

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
  assertEquals(html.match(/<[a-z][^>]*\s(?:src|href|action|srcset|data|poster)\s*=/gi) ?? [], []);
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
      const rows = [...document.querySelectorAll("#columns-table tbody tr")].filter((row) => row.checkVisibility());
      return rows.length + " shown, " + document.getElementById("found").textContent;
    })()`);
  assertEquals(await shown(""), "54 shown, 54 of 54 columns");
  assertEquals(await shown("EMAILS  address"), "1 shown, 1 of 54 columns");
  assertEquals(await shown("", "structural"), "12 shown, 12 of 54 columns");
  assertEquals(await shown("nothing of the kind"), "0 shown, 0 of 54 columns");
});

inBrowser("hostile names stay text", async (page) => {
  const text = await page.evaluate<string>("document.body.textContent");
  for (const name of hostileNames.filter((name) => !name.includes("\u202e"))) assertStringIncludes(text, name);
  assertStringIncludes(text, "name\\u{202e}gnp.exe");
  assertEquals(await page.evaluate("document.images.length + document.scripts.length"), 1);
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
      assertEquals(await page.evaluate(accessibilityFaults), []);
      const png = await page.screenshot();
      assertEquals([...png.subarray(1, 4)], [..."PNG"].map((letter) => letter.charCodeAt(0)));
    });
  }
}

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
