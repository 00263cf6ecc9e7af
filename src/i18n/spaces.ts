const space = '\u00a0'
/** Between a figure and its unit. */
export const unitSpace = { en: ' ', fr: space } as const
const units = 'ms|s|min|h|j|o|ko|Mo|Go|To|[kMG]bit/s|[kMG]o/s|[kMG]?Hz'
const afterFigure = new RegExp(`(\\d|\\}\\}) (?=(?:${units})(?![\\p{L}\\d/]))`, 'gu')

/**
 * French keeps `: ; ! ? » %` and units on the line of what stands before them, and `«` on that of what follows. What stands between
 * backticks is typed, and stays as it is.
 */
export function frenchSpaces(sentence: string): string {
  return sentence
    .split(/(`[^`]*`)/)
    .map(part =>
      part.startsWith('`')
        ? part
        : part
            .replaceAll(/(?<! ) (?=[:;!?»%](?:[\s).,»]|$))/g, space)
            .replaceAll(/« /g, `«${space}`)
            .replaceAll(afterFigure, `$1${space}`),
    )
    .join('')
}
