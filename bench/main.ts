import { readdir } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { type Bench, medianOf, type Row } from './measurement.ts'

/** `npm run bench [-- NAME… --json --files 20000 --rounds 3]`: runs the benchmarks of this folder one after the other. */
const { values: flags, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    files: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '3' },
  },
})
const benches = (await loadBenches()).filter(bench => wanted.length === 0 || wanted.includes(bench.name))
if (benches.length === 0) {
  console.error(
    `No benchmark is named ${wanted.join(', ')}. There are: ${(await loadBenches()).map(({ name }) => name).join(', ')}`,
  )
  process.exit(2)
}
const scale = { files: atLeast('files', 300), rounds: atLeast('rounds', 1) }
const reports = []
for (const bench of benches) {
  console.error(`${bench.name}: ${bench.about(scale)}`)
  const rows = await bench.run({ ...scale, say: line => console.error(`  ${line}`) })
  reports.push({
    name: bench.name,
    about: bench.about(scale),
    rows: rows.map(row => ({ ...row, median: medianOf(row.seconds) })),
  })
  if (!flags.json) console.log(table(bench, rows))
}
if (flags.json) console.log(JSON.stringify(reports, null, 2))

function atLeast(name: 'files' | 'rounds', least: number): number {
  const value = Number(flags[name])
  if (Number.isInteger(value) && value >= least) return value
  console.error(`--${name} ${flags[name]}: expected a whole number, ${least} or more`)
  process.exit(2)
}

async function loadBenches(): Promise<Bench[]> {
  const files = (await readdir(import.meta.dirname)).filter(
    file => file.endsWith('.ts') && file !== 'main.ts',
  )
  const modules: { bench?: Bench }[] = await Promise.all(files.sort().map(file => import(`./${file}`)))
  return modules.flatMap(({ bench }) => (bench ? [bench] : []))
}

/** Each way's median, and how it compares with the first of the list. */
function table(bench: Bench, rows: Row[]): string {
  const first = medianOf(rows[0]?.seconds ?? [])
  const lines = rows.map(({ way, seconds, sentMegabytes }) => {
    const median = medianOf(seconds)
    const range = `${Math.min(...seconds).toFixed(2)}–${Math.max(...seconds).toFixed(2)}`
    const sent =
      sentMegabytes === undefined ? '' : `  ${medianOf(sentMegabytes).toFixed(1).padStart(6)} MB sent`
    return `  ${way.padEnd(52)} ${median.toFixed(2).padStart(7)} s  (${range})  × ${(median / first).toFixed(2)}${sent}`
  })
  return [`${bench.name}: medians of ${rows[0]?.seconds.length ?? 0}`, ...lines].join('\n')
}
