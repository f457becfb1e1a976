/** What the report can do: search the columns. Without it the whole table stands there. @module */

/** The script. It reads the page alone: no storage, no requests, no markup from strings. */
export const script = `"use strict";
const words = document.getElementById("words");
const by = document.getElementById("by");
const found = document.getElementById("found");
const rows = Array.from(document.querySelectorAll("#columns-table tbody tr"));
const texts = rows.map((row) => row.textContent.toLowerCase());
function search() {
  const wanted = words.value.toLowerCase().split(/\\s+/).filter((word) => word !== "");
  let shown = 0;
  rows.forEach((row, at) => {
    const fits = (by.value === "" || row.dataset.by === by.value) && wanted.every((word) => texts[at].includes(word));
    row.hidden = !fits;
    if (fits) shown++;
  });
  found.textContent = shown + " of " + rows.length + " columns";
}
if (words && by && found) {
  words.addEventListener("input", search);
  by.addEventListener("change", search);
  document.getElementById("filter").hidden = false;
  search();
}
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
`;
