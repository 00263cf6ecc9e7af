/**
 * Splits a stream of text into lines ended by `\n`, `\r\n` or `\r` (progress meters end a line with `\r`).
 * `push` what comes, `end` once for a last line without an ending. Empty lines are omitted.
 */
export function lineSplitter(onLine: (line: string) => void): { push(text: string): void; end(): void } {
  let rest = ''
  return {
    push(text) {
      const parts = (rest + text).split(/\r\n|\n|\r/)
      rest = parts.pop() ?? ''
      for (const line of parts) if (line !== '') onLine(line)
    },
    end() {
      if (rest !== '') onLine(rest)
      rest = ''
    },
  }
}

/** The last lines of an output, for an error message: at most `count` lines of 400 characters. */
export function lastLines(text: string, count = 4): string {
  return text
    .split(/\r\n|\n|\r/)
    .map(line => line.trimEnd())
    .filter(line => line !== '')
    .slice(-count)
    .map(line => (line.length > 400 ? `${line.slice(0, 400)}…` : line))
    .join('\n')
}
