import { damageText, type Verification } from '../journal/chain.ts'
import { journalExists, readJournal, verifyJournal } from '../journal/read.ts'
import { exitCodes, Failure } from '../model/failure.ts'
import type { ReadIo } from '../model/io.ts'
import type { Plan } from '../model/plan.ts'
import { rolesOf } from '../model/roles.ts'
import type { Text } from '../model/text.ts'
import { fold } from '../run/fold.ts'
import { compareHead } from '../run/journal-copies.ts'
import { openTransportTo } from '../run/open-transport.ts'
import { lastPlan } from '../run/recorded.ts'
import { createRedactor } from '../transport/redact.ts'
import { type Line, span } from '../views/lines.ts'
import type { CommandContext } from './command-context.ts'
import { storedJournal } from './migration.ts'
import type { Call } from './verb.ts'

type Compared = {
  host: string
  state: ReturnType<typeof compareHead> | 'unasked'
  entries?: number
  why?: Text
}

/** Of the file named (a copy kept elsewhere), else of the migration that the plan names: by itself, and by the copies at the sites. */
export async function verify(context: CommandContext, call: Call) {
  const file = call.arguments[0] ?? (await storedJournal(context))
  if (!journalExists(file)) {
    throw new Failure(
      { key: 'journal.missing', values: { file } },
      { remedy: { key: 'journal.remedy.state' } },
    )
  }
  const verdict = verifyJournal(file)
  if (!verdict.ok) return tellDamage(context, file, verdict)
  const copies = call.options.offline === true ? undefined : await compare(context, file)
  const isBad = copies?.some(({ state }) => state === 'ahead' || state === 'differs') ?? false
  const { entries, headHash: head } = verdict
  context.print([
    [span('✔ ', 'good'), span(context.say({ key: 'cli.journal.whole', values: { entries, head } }))],
    ...(copies ?? []).map(copy => copyLine(context, file, entries, copy)),
    ...(copies === undefined || copies.length === 0
      ? [[span('! ', 'warn'), span(context.say({ key: 'cli.journal.unasked' }))] satisfies Line]
      : []),
  ])
  context.json({
    ...{ verified: !isBad, file, entries, head },
    copies: (copies ?? []).map(({ why, ...copy }) => ({ ...copy, ...(why && { why: context.say(why) }) })),
  })
  return isBad ? exitCodes.failure : undefined
}

function tellDamage(context: CommandContext, file: string, verdict: Extract<Verification, { ok: false }>) {
  const { sequence, what } = verdict.firstBad
  const problem = context.say(damageText(file, verdict.firstBad))
  context.print([[span('✖ ', 'bad'), span(problem)]])
  context.json({ verified: false, file, entries: verdict.entries, firstBad: { sequence, what }, problem })
  return exitCodes.failure
}

/** By the plan in the file itself: undefined when it has none yet, or when the plan keeps no copies. */
async function compare(context: CommandContext, file: string): Promise<Compared[] | undefined> {
  const journal = readJournal(file)
  try {
    const plan = lastPlan(fold(journal.entries()))
    if (plan === undefined) return undefined
    return await withIo(plan, async io => {
      const roles = rolesOf(plan, await context.kinds(), {})('journalCopies')
      const asked = roles.flatMap(({ value }) =>
        value.places.map(async ({ host }): Promise<Compared> => {
          try {
            const head = await value.head(host, plan.name, io)
            return { host, state: compareHead(head, journal.hashAt), entries: head.entries }
          } catch (error) {
            if (error instanceof Failure) return { host, state: 'unasked', why: error.text }
            throw error
          }
        }),
      )
      return Promise.all(asked)
    })
  } finally {
    journal.close()
  }
}

async function withIo<T>(plan: Plan, work: (io: ReadIo) => Promise<T>): Promise<T> {
  const transport = await openTransportTo(plan, createRedactor())
  try {
    return await work(transport.ioFor({ key: 'journal', signal: new AbortController().signal }))
  } finally {
    await transport.close()
  }
}

function copyLine(
  context: CommandContext,
  file: string,
  own: number,
  { host, state, entries = 0, why }: Compared,
): Line {
  const values = { file, host, entries, lacks: entries - own, why: why ? context.say(why) : '' }
  const [mark, style] = marks[state]
  return [span(`${mark} `, style), span(context.say({ key: copyKeys[state], values }))]
}

const copyKeys = {
  agrees: 'cli.journal.copy.agrees',
  ahead: 'cli.journal.copy.ahead',
  differs: 'cli.journal.copy.differs',
  empty: 'cli.journal.copy.empty',
  unasked: 'cli.journal.copy.unasked',
} as const
const marks = {
  agrees: ['✔', 'good'],
  ahead: ['✖', 'bad'],
  differs: ['✖', 'bad'],
  empty: ['!', 'warn'],
  unasked: ['!', 'warn'],
} as const
