/** 1.5 GiB, as PVE writes amounts. */
export function formatBytes(bytes: number, digits = 2): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${unit === 0 ? value : value.toFixed(digits)} ${units[unit]}`
}

const two = (number: number): string => String(number).padStart(2, '0')

/** 2026-11-22 18:00:05, local time. */
export const formatMoment = (moment: Date): string =>
  `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())} ` +
  `${two(moment.getHours())}:${two(moment.getMinutes())}:${two(moment.getSeconds())}`

/** 2026_11_22-18_00_05, as in the name of an archive. */
export const momentInName = (moment: Date): string =>
  formatMoment(moment).replaceAll('-', '_').replace(' ', '-').replaceAll(':', '_')

/** 01:02:03 */
export function formatDuration(seconds: number): string {
  const whole = Math.floor(seconds)
  return `${two(Math.floor(whole / 3600))}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`
}

export const formatProgress = (progress: {
  doneBytes: number
  totalBytes: number
  seconds: number
  readPerSecond: number
  writePerSecond: number
}): string => {
  const percent = Math.floor((100 * progress.doneBytes) / Math.max(1, progress.totalBytes))
  const amounts = `${formatBytes(progress.doneBytes, 1)} of ${formatBytes(progress.totalBytes, 1)}`
  const rates = `read: ${formatBytes(progress.readPerSecond, 1)}/s, write: ${formatBytes(progress.writePerSecond, 1)}/s`
  return `${String(percent).padStart(3)}% (${amounts}) in ${Math.floor(progress.seconds)}s, ${rates}`
}
