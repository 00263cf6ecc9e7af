/** One stylesheet for screen (light and dark) and paper. Text on ground is at least 4.5:1 in both. */
export const reportStyle = `
:root { color-scheme: light dark;
  --ground: #fff; --panel: #f5f6f8; --text: #1b2027; --soft: #545d69; --rule: #d9dde3;
  --good: #17683a; --bad: #b3261e; --warn: #8a5200; --accent: #1f5fae; --bar: #3b7dcb; --hatch: #c98a2b; }
@media (prefers-color-scheme: dark) { :root {
  --ground: #14181d; --panel: #1d232a; --text: #e6e9ee; --soft: #a3adba; --rule: #37404b;
  --good: #74d69b; --bad: #ff9b93; --warn: #f1bd6b; --accent: #8fbdf5; --bar: #5b9be6; --hatch: #e0aa55; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem clamp(1rem, 4vw, 3rem); max-width: 78rem; background: var(--ground);
  color: var(--text); font: 16px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
h1 { margin: 0; font-size: clamp(1.5rem, 3vw, 2.1rem); line-height: 1.2; text-wrap: balance; }
h2 { margin: 2.5rem 0 .75rem; padding-bottom: .3rem; border-bottom: 1px solid var(--rule); font-size: 1.2rem; }
p { max-width: 70ch; }
.subtitle { margin: 0 0 .25rem; color: var(--soft); }
.verdict { display: inline-block; margin: .9rem 0 0; padding: .2rem .8rem; border: 2px solid currentColor;
  border-radius: 99px; font-weight: 650; }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; margin-top: 1.2rem; font-size: .9rem; }
a { color: var(--accent); }
a:focus-visible, .scroll:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.good { color: var(--good); } .bad { color: var(--bad); font-weight: 600; } .warn { color: var(--warn); }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(19rem, 100%), 1fr)); gap: .9rem 2rem; margin: 0; }
dt { color: var(--soft); font-size: .85rem; } dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; border: 1px solid var(--rule); border-radius: 6px; }
table { border-collapse: collapse; width: 100%; font-size: .88rem; }
th, td { padding: .4rem .7rem; text-align: left; vertical-align: top; }
th { background: var(--panel); color: var(--soft); font-weight: 600; white-space: nowrap; }
tbody tr + tr { border-top: 1px solid var(--rule); }
td:first-child { white-space: nowrap; }
.figure { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
code { font: .9em ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
td code { white-space: nowrap; }
ul { padding-left: 1.2rem; }
figure { margin: 0 0 1.2rem; overflow-x: auto; }
.gantt { display: block; width: 100%; min-width: 46rem; height: auto; font-size: 12px; }
.gantt text { fill: var(--text); } .gantt .tick { fill: var(--soft); text-anchor: middle; font-size: 11px; }
.gantt .gate-label { font-weight: 600; } .gantt .legend { fill: var(--soft); }
.gantt .stripe { fill: var(--panel); } .gantt .grid { stroke: var(--rule); }
.gantt .planned { fill: var(--ground); stroke: var(--soft); } .gantt .actual { fill: var(--bar); }
.gantt .failed { fill: var(--bad); } .gantt .projected { fill: none; stroke: var(--bar); stroke-dasharray: 3 2; }
.gantt .undone { fill: url(#hatch); stroke: var(--hatch); }
.gantt .hatch-ground { fill: var(--ground); } .gantt .hatch-line { fill: var(--hatch); }
.gantt .gate { fill: var(--text); } .gantt .mark { stroke: var(--bad); stroke-width: 1.5; }
.gantt .mark.now { stroke: var(--accent); stroke-dasharray: 4 3; }
.gantt .mark-label { text-anchor: end; fill: var(--bad); } .gantt .mark-label.now { fill: var(--accent); }
footer { margin-top: 3rem; padding-top: .8rem; border-top: 1px solid var(--rule); color: var(--soft); font-size: .85rem; }
@media print {
  :root { --ground: #fff; --panel: #f2f2f2; --text: #000; --soft: #444; --rule: #bbb; --good: #17683a;
    --bad: #b3261e; --warn: #8a5200; --accent: #1f5fae; --bar: #3b7dcb; --hatch: #c98a2b; }
  @page { size: A4 landscape; margin: 14mm; }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  nav { display: none; } h2 { break-after: avoid; } tr, dl > div { break-inside: avoid; }
  .scroll, figure { overflow: visible; } .scroll { border: 0; } .gantt { min-width: 0; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`
