import { damageText, type Verification } from '../journal/chain.ts'
import { journalExists, readJournal, verifyJournal } from '../journal/read.ts'
import { exitCodes, Failure } from '../model/failure.ts'
import type { Plan } from '../model/plan.ts'
import type { Text } from '../model/text.ts'
import { fold } from '../run/fold.ts'
import { openTransportTo } from '../run/open-transport.ts'
import { lastPlan } from '../run/recorded.ts'
import { lastSealed } from '../run/stored-runs.ts'
import { createRedactor } from '../transport/redact.ts'
import { type Line, span } from '../views/lines.ts'
import type { CommandContext } from './command-context.ts'
import {
  type Compared,
  type ComparedCopy,
  type ComparedSeals,
  compareWithHosts,
  isBad,
  isUnasked,
  keepersOf,
} from './journal-compare.ts'
import { type JudgedStamps, judgeStamps } from './journal-stamps.ts'
import { storedJournal } from './migration.ts'
import { observeCalls } from './observe-calls.ts'
import type { Call } from './verb.ts'

/**
 * Of the file named (a copy kept elsewhere), else of the migration that the plan names: by itself, and by the copies and the signed
 * seals at the sites. Exit code 10: it is whole by itself, and no host could be asked.
 */
export async function verify(context: CommandContext, call: Call) {
  const named = call.arguments[0]
  const file = named ?? (await storedJournal(context))
  if (!journalExists(file)) {
    throw new Failure(
      { key: 'journal.missing', values: { file } },
      { remedy: { key: 'journal.remedy.state' } },
    )
  }
  const verdict = verifyJournal(file)
  if (!verdict.ok) return tellDamage(context, file, verdict)
  const { plan, sealed, stamps } = await readFrom(file)
  const isOffline = call.options.offline === true
  const compared = plan && !isOffline ? await compare(context, plan, file) : nothing
  const next = nextOf(compared, named === undefined ? file : undefined)
  const { entries, headHash: head } = verdict
  context.print([
    [span('✔ ', 'good'), span(context.say({ key: 'cli.journal.whole', values: { entries, head } }))],
    ...compared.copies.map(copy => copyLine(context, file, entries, copy)),
    ...compared.seals.map(seals => sealsLine(context, seals)),
    ...(compared.copies.length + compared.seals.length === 0
      ? [await unaskedLine(context, plan, sealed?.entries ?? 0, isOffline)]
      : []),
    ...(stamps ? [stampsLine(context, stamps)] : []),
    ...(next ? [[span('→ ', 'active'), span(context.say(next))] satisfies Line] : []),
  ])
  context.json({
    ...{ verified: !isBad(compared) && stamps?.state !== 'false', file, entries, head },
    copies: compared.copies.map(one => withWhy(context, one)),
    seals: compared.seals.map(one => withWhy(context, one)),
    ...(stamps && { stamps: 'why' in stamps ? { ...stamps, why: context.say(stamps.why) } : stamps }),
    ...(next && { next: context.say(next) }),
  })
  if (isBad(compared) || stamps?.state === 'false') return exitCodes.failure
  return isUnasked(compared) ? exitCodes.checksFailed : undefined
}

const nothing: Compared = { copies: [], seals: [] }

function tellDamage(context: CommandContext, file: string, verdict: Extract<Verification, { ok: false }>) {
  const { sequence, what } = verdict.firstBad
  const problem = context.say(damageText(file, verdict.firstBad))
  context.print([[span('✖ ', 'bad'), span(problem)]])
  context.json({ verified: false, file, entries: verdict.entries, firstBad: { sequence, what }, problem })
  return exitCodes.failure
}

/** The plan is undefined as long as the journal has none. */
async function readFrom(file: string) {
  const journal = readJournal(file)
  try {
    const entries = journal.entries()
    const plan = lastPlan(fold(entries))
    return { plan, sealed: lastSealed(entries), stamps: await judgeStamps(journal, plan?.timestamps) }
  } finally {
    journal.close()
  }
}

async function compare(context: CommandContext, plan: Plan, file: string): Promise<Compared> {
  const kinds = await context.kinds()
  const journal = readJournal(file)
  const transport = await openTransportTo(plan, createRedactor(), observeCalls(context, plan).onCall)
  try {
    const io = transport.ioFor({ key: 'journal', signal: new AbortController().signal })
    return await compareWithHosts(plan, kinds, journal, io)
  } finally {
    await transport.close()
    journal.close()
  }
}

async function unaskedLine(
  context: CommandContext,
  plan: Plan | undefined,
  sealed: number,
  isOffline: boolean,
): Promise<Line> {
  const hosts = plan ? keepersOf(plan, await context.kinds()).hosts : []
  const values = { hosts: hosts.join(', '), sealed }
  const key = isOffline && hosts.length > 0 ? 'cli.journal.offline' : 'cli.journal.unasked'
  return [span('! ', 'warn'), span(context.say({ key, values }))]
}

/** `own`: the file, when it is the migration’s own journal. */
function nextOf(compared: Compared, own: string | undefined): Text | undefined {
  const { copies, seals, newest } = compared
  const forged = seals.find(({ state }) => state === 'forged')
  if (![...copies, ...seals].some(({ state }) => state === 'ahead' || state === 'differs')) {
    if (forged === undefined || !('directory' in forged)) return undefined
    return { key: 'cli.journal.next.forged', values: { host: forged.host, directory: forged.directory } }
  }
  if (own === undefined) return { key: 'cli.journal.next.file' }
  if (newest === undefined) return { key: 'cli.journal.next.evidence' }
  return { key: 'cli.journal.next.takeover', values: { host: newest, file: own } }
}

const withWhy = (context: CommandContext, one: ComparedCopy | ComparedSeals) => {
  if (one.state === 'unasked') return { ...one, why: context.say(one.why) }
  if (!('directory' in one)) return one
  const { directory: _directory, ...told } = one
  return told
}

function copyLine(context: CommandContext, file: string, own: number, copy: ComparedCopy): Line {
  const { host, state } = copy
  const entries = copy.state === 'unasked' ? 0 : copy.entries
  const why = copy.state === 'unasked' ? context.say(copy.why) : ''
  return line(context, state, copyKeys[state], { file, host, entries, lacks: entries - own, why })
}

function sealsLine(context: CommandContext, one: ComparedSeals): Line {
  const { host, state } = one
  if (one.state === 'unasked')
    return line(context, state, sealKeys[state], { host, why: context.say(one.why) })
  return line(context, state, sealKeys[state], { host, seals: one.seals, entries: one.entries })
}

function stampsLine(context: CommandContext, stamps: JudgedStamps): Line {
  const { state, ...values } = stamps
  const why = 'why' in stamps ? context.say(stamps.why) : ''
  return line(context, stampMarks[state], stampKeys[state], { ...values, why })
}

function line(
  context: CommandContext,
  state: keyof typeof marks,
  key: Text['key'],
  values: NonNullable<Text['values']>,
): Line {
  const [mark, style] = marks[state]
  return [span(`${mark} `, style), span(context.say({ key, values }))]
}

const copyKeys = {
  agrees: 'cli.journal.copy.agrees',
  ahead: 'cli.journal.copy.ahead',
  differs: 'cli.journal.copy.differs',
  empty: 'cli.journal.copy.empty',
  unasked: 'cli.journal.copy.unasked',
} as const
const sealKeys = {
  agrees: 'cli.journal.seal.agrees',
  ahead: 'cli.journal.seal.ahead',
  differs: 'cli.journal.seal.differs',
  forged: 'cli.journal.seal.forged',
  lost: 'cli.journal.seal.lost',
  empty: 'cli.journal.seal.empty',
  unasked: 'cli.journal.seal.unasked',
} as const
const stampKeys = {
  sound: 'cli.journal.stamps.sound',
  false: 'cli.journal.stamps.false',
  unverified: 'cli.journal.stamps.unverified',
  none: 'cli.journal.stamps.none',
} as const
const stampMarks = { sound: 'agrees', false: 'differs', unverified: 'unasked', none: 'empty' } as const
const marks = {
  agrees: ['✔', 'good'],
  ahead: ['✖', 'bad'],
  differs: ['✖', 'bad'],
  forged: ['✖', 'bad'],
  lost: ['!', 'warn'],
  empty: ['!', 'warn'],
  unasked: ['!', 'warn'],
} as const
