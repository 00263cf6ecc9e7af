/** What an rsync of one file did. Bytes. */
export type CopyReport = {
  imageBytes: number
  /** What the content cost on the wire, in the direction in which it travelled. */
  sentBytes: number
}

/** Bytes done, from a line of `--info=progress2`; undefined for any other line. */
export function parseProgress(line: string): number | undefined {
  const match = /^\s*(\d+)\s+\d+%\s+\S+\/s\s/.exec(line)
  return match?.[1] === undefined ? undefined : Number(match[1])
}

/** Reads rsync's lines as they come. `direction`: whether the rsync that was run sent the content or fetched it. */
export function copyReader(direction: 'sent' | 'received', onBytes: (bytes: number) => void = () => {}) {
  const statistics = new Map<string, number>()
  return {
    onLine(line: string): void {
      const bytes = parseProgress(line)
      if (bytes !== undefined) onBytes(bytes)
      const match = /^([A-Z][\w ]+): (\d+)/.exec(line)
      if (match?.[1] !== undefined) statistics.set(match[1], Number(match[2]))
    },
    report: (): CopyReport => ({
      imageBytes: statistics.get('Total file size') ?? 0,
      sentBytes: statistics.get(`Total bytes ${direction}`) ?? 0,
    }),
  }
}

/** The hash that sha256sum printed; undefined when it printed none. A `\` stands before it when the path was quoted. */
export const parseHash = (stdout: string): string | undefined => /^\\?([0-9a-f]{64}) /.exec(stdout)?.[1]
