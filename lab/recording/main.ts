// Draws docs/images/demo.svg from a real demo: `node lab/recording/main.ts DEMO-STDERR DEMO-JSON`, made by
// `npm run --silent demo -- --json >DEMO-JSON 2>DEMO-STDERR`.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const command = '# npm run demo -- --json > demo.json'
/** Of several hundred lines, those that show what the night is made of. Headings of the demo (▌) are all kept. */
const telling = [
  /■ finished/,
  /gate \S+ open/,
  /full copy of its disks/,
  /start a copy|start of a copy/,
  /last changed blocks|shut down cleanly/,
  /database: (promote|start reverse replication|block writes)/,
  /Transfer write authority/,
  /start at Toulouse/,
  /check (T4|T7|T9|T11|T13) /,
  /Switch \d+ records/,
  /fresh tunnel|through the tunnel/,
]
const lineHeight = 17.5
const [left, top, widthOfCharacter] = [18, 50, 7.83]
const [plain, faint, good, bad] = ['#d8dee6', '#8b98a5', '#7fd88f', '#f08a8a']

type Machine = { id: string; way: string; imageBytes: number; deltaBytes: number; cutSeconds: number }

const [stderrFile, jsonFile] = process.argv.slice(2)
if (stderrFile === undefined || jsonFile === undefined)
  throw new Error('node lab/recording/main.ts DEMO-STDERR DEMO-JSON')
const printed = readFileSync(stderrFile, 'utf8').split('\n')
const { machines } = JSON.parse(readFileSync(jsonFile, 'utf8')) as { machines: Machine[] }

const isTelling = (line: string): boolean =>
  line.includes('▌') || (/ [✔✖■↩] /.test(line) && telling.some(one => one.test(line)))
const chosen = [
  command,
  ...printed.filter(isTelling).map(line => line.trim()),
  `(of ${printed.length} lines, some)`,
  "# jq -c '.machines[] | [.id, .way, .imageBytes, .deltaBytes, .cutSeconds]' demo.json",
  ...machines.map(({ id, way, imageBytes, deltaBytes, cutSeconds }) =>
    JSON.stringify([id, way, imageBytes, deltaBytes, cutSeconds]),
  ),
]
writeFileSync(join(import.meta.dirname, '../../docs/images/demo.svg'), drawn(chosen))

function drawn(lines: string[]): string {
  const width = Math.ceil(2 * left + widthOfCharacter * Math.max(...lines.map(line => line.length)))
  const height = Math.ceil(top + lines.length * lineHeight)
  const rows = lines.map((line, index) => row(line, top + index * lineHeight))
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="t d" font-family="'DejaVu Sans Mono', 'Liberation Mono', Menlo, Consolas, monospace" font-size="13">
<title id="t">npm run demo, recorded</title>
<desc id="d">${escaped(lines.join(' / '))}</desc>
<rect width="${width}" height="${height}" rx="9" fill="#14191f"/>
<circle cx="22" cy="18" r="5.5" fill="#4a545f"/><circle cx="40" cy="18" r="5.5" fill="#4a545f"/><circle cx="58" cy="18" r="5.5" fill="#4a545f"/>
${rows.join('\n')}
</svg>
`
}

/** An instant faint, a sign in its colour, headings and commands strong. */
function row(line: string, y: number): string {
  const event = /^(\d\d:\d\d:\d\d) (\S) (.*?)(, \d+:\d\d \(planned .*\))?$/.exec(line)
  if (event === null) {
    const isStrong = line.startsWith('#') || line.includes('▌')
    return text(y, [[0, line, isStrong ? `${plain}" font-weight="700` : plain]])
  }
  const [, at = '', sign = '', what = '', times = ''] = event
  const colour = { '✔': good, '✖': bad, '‼': bad }[sign] ?? plain
  return text(y, [
    [0, at, faint],
    [9, sign, colour],
    [11, what, plain],
    [11 + what.length, times, faint],
  ])
}

function text(y: number, spans: [column: number, words: string, fill: string][]): string {
  const drawn = spans
    .filter(([, words]) => words !== '')
    .map(([column, words, fill]) => {
      const x = (left + column * widthOfCharacter).toFixed(1)
      return `<tspan x="${x}" fill="${fill}">${escaped(words)}</tspan>`
    })
  return `<text y="${y.toFixed(1)}">${drawn.join('')}</text>`
}

function escaped(words: string): string {
  return words
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
