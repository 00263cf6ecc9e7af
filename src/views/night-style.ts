/** What the page of the planned night adds to the page's stylesheet. */
export const nightStyle = `
dl + figure { margin-top: 1.4rem; }
.night-note { margin: 0 0 .4rem; color: var(--soft); font-size: .85rem; }
.night-row { display: grid; grid-template-columns: minmax(15rem, 25rem) minmax(0, 1fr); gap: 0 1rem;
  padding: 0 0 0 .6rem; border-left: 4px solid transparent; break-inside: avoid; }
.night-row:nth-child(even) { background: var(--panel); }
.night-row.critical { border-left-color: var(--warn); } .night-row.critical span { font-weight: 600; }
.night-row span, .night-row small { display: block; line-height: 1.3; overflow-wrap: anywhere; }
.night-row small { color: var(--soft); font-size: .78rem; font-variant-numeric: tabular-nums; }
.night-row > div > span { font-size: .9rem; }
.night-row > div:first-child { padding: .15rem 0; }
.night-bars { position: relative; min-height: 30px; } .night-bars > svg { position: absolute; inset: 0; width: 100%; height: 100%; overflow: hidden; }
.night .diamond { overflow: visible; }
.night-axis { position: sticky; top: 0; background: var(--ground); z-index: 1; border-bottom: 1px solid var(--rule); }
.night-ticks { position: relative; height: 1.4rem; font-size: .75rem; color: var(--soft); font-variant-numeric: tabular-nums; }
.night-ticks span { position: absolute; bottom: 0; white-space: nowrap; transform: translateX(-50%); }
.night-ticks .first { transform: none; } .night-ticks .last { transform: translateX(-100%); }
.night .grid { stroke: var(--rule); } .night .reserve { fill: var(--bad); opacity: .16; }
.night .last-safe { stroke: var(--bad); stroke-width: 2; stroke-dasharray: 5 3; }
.night .window-end { stroke: var(--text); stroke-width: 2; }
.night .bar { stroke-width: 1.5; } .night .planned { fill: var(--ground); stroke: var(--soft); stroke-width: 1; }
.night .machine.bar { fill: var(--bar); stroke: var(--bar); } .night .people.bar { fill: var(--hatch); stroke: var(--hatch); }
.night .late { fill: var(--soft); opacity: .55; } .night .gate { fill: var(--text); } .night .critical-edge { fill: var(--warn); }
.night-legend { display: flex; flex-wrap: wrap; gap: .1rem 1.2rem; margin: 0 0 .5rem; padding: 0; list-style: none;
  color: var(--soft); font-size: .82rem; }
.night-legend li { display: flex; align-items: center; } .night-legend svg { width: 1.8rem; height: 30px; margin-right: .4rem; flex: none; }
.curve { display: grid; grid-template-columns: 3.2rem minmax(0, 1fr); max-width: 46rem; margin: .5rem 0 0; break-inside: avoid; }
.curve-chances { position: relative; } .curve-chances span { position: absolute; right: .5rem; transform: translateY(-50%); }
.curve span { font-size: .75rem; color: var(--soft); font-variant-numeric: tabular-nums; white-space: nowrap; }
.curve > svg { width: 100%; height: 13rem; overflow: visible; }
.curve .night-ticks { grid-column: 2; height: 1.5rem; }
.curve line, .curve path { vector-effect: non-scaling-stroke; } .curve .grid { stroke: var(--rule); }
.curve .chance { fill: none; stroke: var(--bar); stroke-width: 3; } .curve .under { fill: var(--bar); opacity: .15; }
.curve .asked { stroke: var(--warn); stroke-width: 1.5; stroke-dasharray: 5 3; } .curve .end { stroke: var(--text); stroke-width: 2; }
.curve-legend svg { height: 1rem; }
.helps { max-width: 46rem; } .helps-row { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 0 1rem; align-items: center;
  padding: .4rem 0; break-inside: avoid; }
.helps-row + .helps-row { border-top: 1px solid var(--rule); } .helps-row > div:first-child { overflow-wrap: anywhere; font-size: .92rem; }
.helps-bar { display: flex; align-items: center; gap: .5rem; font-size: .82rem; font-variant-numeric: tabular-nums; }
.helps-bar svg { flex: 0 0 45%; height: 12px; } .helps .chance { fill: var(--good); } .helps .earlier { fill: var(--bar); }
.labelled td:first-child { white-space: normal; min-width: 17rem; overflow-wrap: anywhere; } .labelled td { overflow-wrap: break-word; }
.labelled td code { white-space: normal; overflow-wrap: anywhere; }
@media screen and (max-width: 44rem) {
  .night-row { grid-template-columns: minmax(0, 1fr); padding-top: .2rem; } .night-axis > :first-child { display: none; }
  .night-ticks span:nth-child(even) { visibility: hidden; }
  .helps-row { grid-template-columns: minmax(0, 1fr); gap: .2rem; }
  .stacked.labelled td, .stacked.labelled td:nth-child(n+4) { display: flex; justify-content: space-between; gap: 1rem;
    text-align: right; white-space: normal; padding: .05rem .7rem; min-width: 0; }
  .stacked.labelled td::before { content: attr(data-label); color: var(--soft); font-weight: 400; text-align: left; white-space: nowrap; }
  .stacked.labelled td:first-child { display: block; text-align: left; } .stacked.labelled td:first-child::before { content: none; }
  .stacked.labelled td:empty { display: none; }
}
@media print {
  .night-axis { position: static; } .night-row > div:first-child { padding: 0; } .night-row small { font-size: 7pt; }
  .night-row > div > span { font-size: 8.5pt; } .labelled td:first-child { min-width: 0; } .curve > svg { height: 9rem; }
}
`
