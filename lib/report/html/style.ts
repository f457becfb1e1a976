/** How the report looks: light, dark, narrow, wide and printed. @module */

/** The style sheet. Colours have a contrast of at least 4.5 to 1 for text (WCAG 2.2, 1.4.3). */
export const style = `
:root { color-scheme: light dark;
  --text: #17191c; --quiet: #50565e; --ground: #f4f5f7; --card: #ffffff; --line: #d3d7dd; --link: #0b57b0;
  --good: #0d6535; --good-ground: #e1f4e8; --bad: #a81414; --bad-ground: #fdeaea; --warn: #7a4b00; --warn-ground: #fdf1da; }
@media (prefers-color-scheme: dark) { :root {
  --text: #e9ebee; --quiet: #a9b0ba; --ground: #14161a; --card: #1d2025; --line: #3a3f47; --link: #8cbcf5;
  --good: #7fdba1; --good-ground: #12301e; --bad: #ff9c94; --bad-ground: #3a1616; --warn: #f2c46d; --warn-ground: #35270c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
main, header, footer { max-width: 78rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 1.75rem; }
footer { padding-bottom: 2.5rem; color: var(--quiet); font-size: .875rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.25rem; margin: 0 0 .75rem; }
h3 { font-size: 1.0625rem; margin: 1.5rem 0 .5rem; overflow-wrap: break-word; }
h4 { font-size: .9375rem; margin: 1rem 0 .375rem; }
p { margin: .375rem 0; overflow-wrap: break-word; }
section, .card { background: var(--card); border: 1px solid var(--line); border-radius: .625rem; padding: 1.25rem; margin: 1.25rem 0; }
section section { border: 0; padding: 0; margin: 1.5rem 0 0; border-radius: 0; }
.quiet { color: var(--quiet); }
.badge { display: inline-block; border-radius: 1rem; padding: .0625rem .625rem; font-size: .875rem; font-weight: 600; white-space: nowrap; }
.good { color: var(--good); background: var(--good-ground); }
.bad { color: var(--bad); background: var(--bad-ground); }
.warn { color: var(--warn); background: var(--warn-ground); }
.plain { color: var(--quiet); background: var(--ground); }
.note { border-radius: .5rem; padding: .625rem .875rem; margin: .75rem 0; }
.note p:first-child { font-weight: 600; margin-top: 0; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 1.25rem; margin: 1.25rem 0; }
.cards .card { margin: 0; container-type: inline-size; }
@container (max-width: 25rem) { dl { grid-template-columns: minmax(0, 1fr); gap: 0; } dd { margin-bottom: .5rem; } }
.cards h2 { font-size: 1.0625rem; margin: 0 0 .5rem; overflow-wrap: break-word; display: flex; flex-wrap: wrap; gap: .5rem; align-items: baseline; justify-content: space-between; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .25rem 1rem; margin: .5rem 0; }
dt { color: var(--quiet); }
dd { margin: 0; overflow-wrap: break-word; min-width: 0; }
code, pre { font: .875em/1.4 ui-monospace, "SFMono-Regular", "DejaVu Sans Mono", monospace; overflow-wrap: break-word; }
pre { white-space: pre-wrap; margin: 0; flex: 1 1 auto; min-width: 0; }
a { color: var(--link); }
nav { background: var(--card); border: 1px solid var(--line); border-radius: .625rem; padding: .625rem 1.25rem; margin: 1.25rem 0; position: sticky; top: 0; z-index: 2; }
.links { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: 0; }
:target, h2, h3 { scroll-margin-top: 9rem; }
.verdict { font-size: 1.0625rem; }
.copyable code { margin-right: .5rem; }
.lines { display: flex; flex-wrap: nowrap; align-items: flex-start; background: var(--card); color: var(--text); border-radius: .375rem; padding: .5rem .75rem; }
button { font: inherit; cursor: pointer; }
.copy { font-size: .75rem; color: var(--link); background: var(--ground); border: 1px solid var(--line); border-radius: .375rem; padding: 0 .5rem; flex: none; }
.sort { font-weight: 600; color: inherit; background: none; border: 0; padding: 0; white-space: nowrap; }
.sort::after { content: " \\2195"; opacity: .6; } [aria-sort=ascending] .sort::after { content: " \\2191"; opacity: 1; } [aria-sort=descending] .sort::after { content: " \\2193"; opacity: 1; }
.fold > summary { list-style-position: outside; margin-left: 1rem; } .fold > summary h2, .fold > summary h3 { display: inline; color: var(--text); }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: .5rem; margin: .5rem 0; }
.scroll:focus-visible, input:focus-visible, select:focus-visible, summary:focus-visible, button:focus-visible, a:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.tall { max-height: 34rem; overflow-y: auto; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; }
caption { text-align: left; padding: .5rem .75rem; color: var(--quiet); }
th, td { text-align: left; vertical-align: top; padding: .375rem .75rem; border-top: 1px solid var(--line); }
thead th { background: var(--card); color: var(--quiet); font-weight: 600; white-space: nowrap; }
.tall thead th { position: sticky; top: 0; height: 2.25rem; box-shadow: 0 1px 0 var(--line); z-index: 1; }
.group th { position: sticky; top: 2.25rem; background: var(--ground); font-weight: 600; text-align: left; }
tbody th { font-weight: 400; }
td.name, th.name { font: .8125rem/1.5 ui-monospace, "SFMono-Regular", "DejaVu Sans Mono", monospace; overflow-wrap: break-word; }
td.words { min-width: 12rem; } td.how { min-width: 16rem; } td.strategies { min-width: 13rem; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
th.number { text-align: right; }
.filter { display: flex; flex-wrap: wrap; gap: .75rem 1rem; align-items: end; margin: .75rem 0; }
.filter label { display: grid; gap: .25rem; font-size: .875rem; color: var(--quiet); flex: 0 1 auto; }
.filter label.grow { flex: 1 1 14rem; }
input, select { font: inherit; color: var(--text); background: var(--ground); border: 1px solid var(--quiet); border-radius: .375rem; padding: .375rem .625rem; width: 100%; }
summary { cursor: pointer; color: var(--link); padding: .25rem 0; overflow-wrap: break-word; }
ul, ol { padding-left: 1.25rem; margin: .375rem 0; }
li { overflow-wrap: break-word; }
.lane { display: grid; grid-template-columns: minmax(0, 14rem) minmax(0, 1fr); gap: 0 1rem; align-items: center; margin: .25rem 0; }
.lane > div { overflow-wrap: break-word; font-size: .875rem; line-height: 1.3; }
.lane svg { display: block; background: var(--ground); border-radius: .25rem; }
.scale { display: flex; justify-content: space-between; color: var(--quiet); font-size: .8125rem; margin-left: 15rem; }
.legend { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1rem; font-size: .875rem; margin: .75rem 0; }
.legend li { display: flex; gap: .375rem; align-items: center; }
.bar-resolve { fill: #7a869a; } .bar-restore { fill: #a3afc2; } .bar-discover { fill: #0f8b8d; } .bar-plan { fill: #45b3a9; }
.bar-scrub { fill: #2b6fd6; } .bar-verify { fill: #2f9e4f; } .bar-purge { fill: #8a5bd6; } .bar-export { fill: #c27a12; }
.bar-snapshot { fill: #b7a58b; } .bar-share { fill: #d0477f; } .bar-prune { fill: #8a6d3b; } .bar-other { fill: #888888; }
@media (max-width: 40rem) {
  main, header, footer { padding-left: .75rem; padding-right: .75rem; }
  section, .card { padding: .875rem; }
  h1 { font-size: 1.375rem; } nav { position: static; padding: .625rem .875rem; } :target, h2, h3 { scroll-margin-top: 1rem; }
  #columns-table, #columns-table tbody, #columns-table tr, #columns-table th, #columns-table td { display: block; } #columns-table thead { display: none; }
  #columns-table td { border-top: 0; padding-top: 0; } #columns-table [hidden] { display: none; } #columns-table .group th { top: 0; }
  td.words { min-width: 9rem; } td.how { min-width: 18rem; } td.strategies { min-width: 9rem; } th, td { padding: .375rem .5rem; }
  dl { grid-template-columns: minmax(0, 1fr); gap: 0; } dd { margin-bottom: .5rem; }
  .lane { grid-template-columns: minmax(0, 1fr); gap: .125rem; margin: .5rem 0; } .scale { margin-left: 0; } }
@media print {
  :root { color-scheme: light; --text: #000; --quiet: #444; --ground: #fff; --card: #fff; --line: #bbb; --link: #000;
    --good: #0d6535; --good-ground: #fff; --bad: #a81414; --bad-ground: #fff; --warn: #7a4b00; --warn-ground: #fff; }
  body { font-size: 10pt; } main, header, footer { max-width: none; padding: 0; }
  section, .card { border-radius: 0; padding: .5rem; } nav, .copy { display: none; } summary { list-style: none; color: inherit; }
  .scroll, .tall { overflow: visible; max-height: none; border: 0; }
  thead { display: table-header-group; } .tall thead th { position: static; } tr, .card, .lane { break-inside: avoid; } h2, h3 { break-after: avoid; }
  .bar, .legend rect { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  details::details-content { content-visibility: visible; block-size: auto; } }
`;
