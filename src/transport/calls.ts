/** One call of the transport. `what` is a program, the first words of a statement, a URL: never a whole argv. */
export type Call = {
  does: 'read' | 'change'
  method: string
  where: string
  what: string
}

/** How many of the latest calls are kept; the count of changes is of all. */
const kept = 10_000

/** Every call of the transport, so that a test can show that an audit changed nothing. */
export function callLog() {
  const calls: Call[] = []
  let changes = 0
  return {
    add(does: Call['does'], method: string, where: string, what: string): void {
      if (does === 'change') changes++
      calls.push({ does, method, where, what })
      if (calls.length > 2 * kept) calls.splice(0, calls.length - kept)
    },
    all: (): readonly Call[] => calls,
    changes: (): number => changes,
  }
}
export type CallLog = ReturnType<typeof callLog>
