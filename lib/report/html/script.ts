/** What the report can do: search the columns, sort tables, copy names. Without it everything is there to be read. @module */

/** The script. It reads the page alone: no storage, no requests, no markup from strings. */
export const script = `"use strict";
const words = document.getElementById("words");
const by = document.getElementById("by");
const found = document.getElementById("found");
const groups = Array.from(document.querySelectorAll("#columns-table tbody")).map((body) => {
  const [head, ...rows] = body.rows;
  return { body, name: head.textContent.toLowerCase(), rows: rows.map((row) => ({ row, text: row.textContent.toLowerCase() })) };
});
const total = groups.reduce((sum, { rows }) => sum + rows.length, 0);
function search() {
  const wanted = words.value.toLowerCase().split(/\\s+/).filter((word) => word !== "");
  let shown = 0;
  for (const { body, name, rows } of groups) {
    let inGroup = 0;
    for (const { row, text } of rows) {
      const fits = (by.value === "" || row.dataset.by === by.value) &&
        wanted.every((word) => text.includes(word) || name.includes(word));
      row.hidden = !fits;
      if (fits) inGroup++;
    }
    body.hidden = inGroup === 0;
    shown += inGroup;
  }
  found.textContent = shown + " of " + total + " columns";
}
if (words && by && found) {
  words.addEventListener("input", search);
  by.addEventListener("change", search);
  const form = document.getElementById("filter");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    document.getElementById("columns").scrollIntoView();
  });
  form.hidden = false;
  search();
}
const valueOf = (row, at) => row.cells[at].dataset.value ?? row.cells[at].textContent.trim().toLowerCase();
function compareRows(one, other, at) {
  const [a, b] = [valueOf(one, at), valueOf(other, at)];
  const [x, y] = [Number(a), Number(b)];
  return Number.isNaN(x) || Number.isNaN(y) ? a.localeCompare(b) : x - y;
}
for (const table of document.querySelectorAll("table.sortable")) {
  Array.from(table.tHead.rows[0].cells).forEach((cell, at) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...cell.childNodes);
    cell.append(button);
    button.addEventListener("click", () => {
      const way = cell.ariaSort === "ascending" ? -1 : 1;
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      cell.ariaSort = way === 1 ? "ascending" : "descending";
      for (const body of table.tBodies) {
        const rows = Array.from(body.rows).filter((row) => !row.classList.contains("group"));
        body.append(...rows.sort((one, other) => way * compareRows(one, other, at)));
      }
    });
  });
}
for (const button of document.querySelectorAll("button.copy")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = button.previousElementSibling;
    try {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(text);
      button.textContent = "Selected";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
}
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
`;
