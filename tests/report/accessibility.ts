/** What is wrong with a page for people who see little, or nothing, or use no mouse: by axe-core, which runs in the page. @module */

import axe from "axe-core";
import type { Page } from "./browser.ts";

/** Violations of WCAG 2.2 AA and of axe's best practices, as `rule: element`. */
export async function accessibilityFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(`${axe.source}; undefined`);
  return await page.evaluate(`axe.run(document, { resultTypes: ["violations"] })
    .then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ": " + html.slice(0, 80))))`);
}
