/** Widths of text on a terminal, and text that is cut and padded to one. @module */

import { assertEquals } from "@std/assert";
import { cutApart, cutToWidth, padToWidth } from "../../../lib/report/display/fit_text.ts";
import { unicodeWidth } from "@std/cli/unicode-width";

Deno.test.each([
  { text: "", width: 0 },
  { text: "orders…", width: 7 },
  { text: "日本語", width: 6 },
  { text: "ｆｕｌｌ", width: 8 },
  { text: "한글", width: 4 },
  { text: "Zürich", width: 6 },
  { text: "Zu\u0308rich", width: 6 },
  { text: "a\u200bb", width: 2 },
  { text: "😀🚀", width: 4 },
  { text: "⌚", width: 2 },
])("unicodeWidth() of $text is $width", ({ text, width }) => assertEquals(unicodeWidth(text), width));

Deno.test.each([
  { text: "orders", columns: 6, cut: "orders" },
  { text: "orders", columns: 5, cut: "orde…" },
  { text: "日本語", columns: 5, cut: "日本…" },
  { text: "日本語", columns: 4, cut: "日…" },
  { text: "u\u0308u\u0308u", columns: 2, cut: "u\u0308…" },
  { text: "orders", columns: 1, cut: "…" },
  { text: "orders", columns: 0, cut: "" },
])("cutToWidth() of $text to $columns is $cut", ({ text, columns, cut }) => {
  assertEquals(cutToWidth(text, columns), cut);
});

Deno.test("padToWidth() fills up by columns, not by characters", () => {
  assertEquals([padToWidth("日本", 6), padToWidth("日本", 3)], ["日本  ", "日本"]);
});

Deno.test.each([
  { texts: ["orders-mysql", "orders-postgresql"], columns: 8, cut: ["…s-mysql", "…tgresql"] },
  { texts: ["orders-mysql", "blog-mysql"], columns: 8, cut: ["orders-…", "blog-my…"] },
  { texts: ["orders", "blog"], columns: 8, cut: ["orders", "blog"] },
  { texts: ["表表表表一", "表表表表二"], columns: 6, cut: ["…表一", "…表二"] },
  { texts: ["orders-mysql", "orders-mysql"], columns: 8, cut: ["orders-…", "orders-…"] },
  { texts: ["aab", "aac"], columns: 1, cut: ["…", "…"] },
])("cutApart() of $texts to $columns is $cut", ({ texts, columns, cut }) => {
  assertEquals(cutApart(texts, columns), cut);
});
