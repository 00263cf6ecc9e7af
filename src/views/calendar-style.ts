/** What the chart of days adds to the page's stylesheet. */
export const calendarStyle = `
li, h1, .stacked td { overflow-wrap: anywhere; }
.calendar h3 { margin: .9rem 0 .2rem; font-size: .95rem; color: var(--soft); }
.calendar-row { display: grid; grid-template-columns: minmax(16rem, 26rem) minmax(0, 1fr); gap: 0 1rem; align-items: center;
  padding: .3rem 0; break-inside: avoid; }
.calendar-row + .calendar-row { border-top: 1px solid var(--rule); }
.calendar-row span { display: block; line-height: 1.3; overflow-wrap: anywhere; }
.calendar-row small { display: block; line-height: 1.35; font-size: .8rem; overflow-wrap: anywhere; }
.calendar-row small:not([class]) { color: var(--soft); }
.calendar-row > svg { display: block; width: 100%; height: 2.1rem; }
.calendar-axis { padding: 0; }
.calendar-ticks { position: relative; height: 2.4rem; font-size: .75rem; color: var(--soft); }
.calendar-ticks span { position: absolute; bottom: 0; white-space: nowrap; line-height: 1.25; }
.calendar-ticks b { display: block; color: var(--text); }
.calendar .weekend { fill: var(--panel); } .calendar .night { fill: var(--accent); opacity: .22; }
.calendar .today { fill: none; stroke: var(--accent); stroke-width: 2; vector-effect: non-scaling-stroke; }
.calendar .week { stroke: var(--rule); vector-effect: non-scaling-stroke; }
.calendar .bar { vector-effect: non-scaling-stroke; stroke-width: 1.5; }
.calendar .done { fill: var(--good); } .calendar .due { fill: var(--bar); } .calendar .late { fill: var(--bad); }
.calendar .past { fill: var(--soft); } .calendar .ahead { fill: var(--ground); stroke: var(--bar); }
.calendar .unattended { fill: var(--hatch); stroke: var(--bad); } .calendar .available { fill: var(--soft); opacity: .6; }
.calendar-legend { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; margin: .8rem 0 0; padding: 0; list-style: none;
  color: var(--soft); font-size: .85rem; }
.calendar-legend svg { width: 1.6rem; height: 1rem; margin-right: .4rem; vertical-align: -.15rem; overflow: visible; }
@media screen and (max-width: 44rem) {
  .calendar-row { grid-template-columns: minmax(0, 1fr); gap: .15rem; } .calendar-row > svg { height: 1.3rem; }
  .calendar-axis { position: sticky; top: 0; background: var(--ground); } .calendar-axis > :first-child { display: none; }
  .stacked table, .stacked tbody, .stacked tr, .stacked td { display: block; } .stacked thead { display: none; }
  .stacked td { padding: .05rem .7rem; } .stacked td:empty { display: none; } .stacked tr { padding: .4rem 0; }
  .stacked td:nth-child(n+4) { display: inline-block; padding-right: 0; }
  .stacked td:first-child { font-weight: 650; white-space: normal; }
}
@media print { .calendar-row > svg { height: 1.5rem; } .stacked table { font-size: 8.5pt; } }
`
