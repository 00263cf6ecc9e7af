import type { Progress } from '../../../model/io.ts'

const units: Record<string, number> = {
  B: 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
}
const amount = String.raw`([\d.]+) ?([KMGT]?i?B)`
/** `INFO:  12% (1.2 GiB of 10.0 GiB) in 3s`, `transferred 1.0 GiB of 8.0 GiB (12.50%) in 4s`, `progress 3% (read …`. */
const ofAll = new RegExp(`${amount} of ${amount}`)

/** A line of a task's log as it is shown; with bytes where the line tells some. */
export function progressOf(line: string): Progress {
  const [, done, doneUnit, total, totalUnit] = ofAll.exec(line) ?? []
  const bytesDone = bytesOf(done, doneUnit)
  const bytesTotal = bytesOf(total, totalUnit)
  if (bytesDone === undefined || bytesTotal === undefined) return { note: line }
  return { bytesDone, bytesTotal, note: line }
}

function bytesOf(figure?: string, unit?: string): number | undefined {
  const factor = units[unit ?? '']
  return figure === undefined || factor === undefined ? undefined : Math.round(Number(figure) * factor)
}
