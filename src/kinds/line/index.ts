import type { FindingLevel } from '../../model/fact.ts'
import type { KeysOf, MessageKey, Sentences } from '../../model/text.ts'
import type { Judgement } from '../kit/kind-parts.ts'
import { cap, uncap } from './actions/cap.ts'
import { type AboutLine, audit, type LineFacts, line } from './facts.ts'
import { figures, measures } from './measures.ts'
import en from './messages/en.json' with { type: 'json' }
import fr from './messages/fr.json' with { type: 'json' }
import { probeMainLine, wanLineOf } from './wan-line.ts'

const messages: Sentences<typeof en> = { en, fr }

declare module '../../model/text.ts' {
  interface MessageKeys extends KeysOf<typeof en> {}
}

/** The target's main and backup WAN lines: monitored, and the backup kept free for users while it is the only one. */
export const kind = line.defineKind({
  messages,
  lackingRules: ['missing'],
  audit,
  findings,
  // The limit is there from the first copy until the monitoring period is over.
  plan: () => ({ preparation: [cap], rehearsal: [], live: [], close: [uncap] }),
  actions: [cap, uncap],
  figures,
  returnPath: 'none',
  losesWithout: 'nothing',
  measures,
  watches: {
    // Two looks: a line that loses a moment's packets is not lost.
    main: {
      everySeconds: 2,
      failuresUntilLost: 2,
      look: (about, io) => probeMainLine(wanLineOf(about), io),
    },
  },
})

type FindingForm = { level: FindingLevel; text: MessageKey; remedy?: MessageKey }
const sentences = {
  'both-there': { level: 'ok', text: 'line.finding.both-there' },
  missing: { level: 'block', text: 'line.finding.missing', remedy: 'line.finding.missing.remedy' },
  'no-interface': {
    level: 'block',
    text: 'line.finding.no-interface',
    remedy: 'line.finding.no-interface.remedy',
  },
  'no-carrier': { level: 'warn', text: 'line.finding.no-carrier', remedy: 'line.finding.no-carrier.remedy' },
  'ingress-taken': {
    level: 'block',
    text: 'line.finding.ingress-taken',
    remedy: 'line.finding.ingress-taken.remedy',
  },
  'main-silent': {
    level: 'warn',
    text: 'line.finding.main-silent',
    remedy: 'line.finding.main-silent.remedy',
  },
  'no-address': { level: 'warn', text: 'line.finding.no-address', remedy: 'line.finding.no-address.remedy' },
  'backup-silent': {
    level: 'warn',
    text: 'line.finding.backup-silent',
    remedy: 'line.finding.backup-silent.remedy',
  },
  'answers-elsewhere': {
    level: 'warn',
    text: 'line.finding.answers-elsewhere',
    remedy: 'line.finding.answers-elsewhere.remedy',
  },
} as const satisfies Record<string, FindingForm>
type Found = { rule: keyof typeof sentences; values?: Record<string, string | number> }

/** Whether the site has a second line when the first is lost. */
function findings(about: AboutLine): Judgement[] {
  const { spec, source, target } = wanLineOf(about)
  const common = {
    source: source.ssh,
    target: target.ssh,
    main: spec.main.probe.address,
    backup: spec.backup.interface,
    address: spec.backup.address,
    mbps: spec.backup.declaredMbps,
    cap: spec.backup.capMbps,
  }
  const found = judge(about.facts, spec.backup.interface)
  if (found.length === 0) found.push({ rule: 'both-there' })
  return found.map(({ rule, values: own }) => {
    const { level, text, remedy }: FindingForm = sentences[rule]
    const values = { ...common, ...own }
    return { rule, level, text: { key: text, values }, ...(remedy && { remedy: { key: remedy, values } }) }
  })
}

function judge(facts: LineFacts, backup: string): Found[] {
  const { missing = [], interfacesMissing = [], withoutCarrier = [], answersLeaveBy } = facts
  if (missing.length > 0) return [{ rule: 'missing', values: { programs: missing.join(', ') } }]
  const found: Found[] = [
    ...interfacesMissing.map((name): Found => ({ rule: 'no-interface', values: { name } })),
    ...withoutCarrier.map((name): Found => ({ rule: 'no-carrier', values: { name } })),
  ]
  if (facts.ingressTaken) found.push({ rule: 'ingress-taken' })
  if (facts.mainAnswers === false) found.push({ rule: 'main-silent' })
  if (facts.backupAddressThere === false) found.push({ rule: 'no-address' })
  else if (facts.backupAnswers === false) found.push({ rule: 'backup-silent' })
  if (typeof answersLeaveBy === 'string' && answersLeaveBy !== backup)
    found.push({ rule: 'answers-elsewhere', values: { leaves: answersLeaveBy } })
  return found
}
