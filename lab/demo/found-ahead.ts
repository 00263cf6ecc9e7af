import { exitCodes } from '../../src/model/failure.ts'
import { firewallOneTooMany, firewallRuleLeftOut, secondaryLostZone, wrongTsigKey } from '../faults/faults.ts'
import type { Lab } from '../types.ts'
import type { Narrator } from './narrate.ts'
import { type DemoVerb, verbKeys } from './prepare.ts'
import type { Stage } from './stage.ts'

/** What goes wrong before the night and must be seen before it: no user notices anything. */
export type FaultAhead = {
  /** What is carried out first, and must end well. */
  after: DemoVerb[]
  cause?: (lab: Lab) => Promise<unknown>
  /** Laid over the plan: what people have written wrongly. */
  overlay?: string
  /** The verb that must see it, and the finding that blocks or check that fails then. */
  foundBy: 'audit' | 'preflight'
  as: string
}

/** The declaration without the way by which Bascule itself comes in. */
const lockedOut = `components:
  firewall:
    allow:
      - {from: internet, to: gateway.public, tcp: [80], udp: [51820], icmp: true}
      - {from: operations, to: [servers, office], tcp: [22, 80, 5432, 8080], icmp: true}
`

export const faultsAhead = {
  'firewall-rule-missing': {
    after: ['audit', 'replicate'],
    cause: lab => firewallRuleLeftOut(lab, 'toulouse'),
    foundBy: 'preflight',
    as: 'P3-closed',
  },
  'firewall-rule-too-many': {
    after: ['audit', 'replicate'],
    cause: lab => firewallOneTooMany(lab, 'toulouse'),
    foundBy: 'preflight',
    as: 'P3-open',
  },
  'secondary-without-zone': {
    after: ['audit'],
    cause: secondaryLostZone,
    foundBy: 'audit',
    as: 'names.zone-missing',
  },
  'wrong-tsig-key': { after: ['audit'], cause: wrongTsigKey, foundBy: 'audit', as: 'names.update-refused' },
  'locked-out': { after: [], overlay: lockedOut, foundBy: 'audit', as: 'firewall.locked-out' },
} satisfies Record<string, FaultAhead>

export type FaultAheadName = keyof typeof faultsAhead
export const faultAheadNames = Object.keys(faultsAhead) as FaultAheadName[]
export const faultAheadNamed = (name: string | undefined): FaultAhead | undefined =>
  faultAheadNames.includes(name as FaultAheadName) ? faultsAhead[name as FaultAheadName] : undefined

type Looked = {
  findings?: { id: string; level: string; text: string; remedy?: string }[]
  checks?: { id: string; state: string; detail?: string }[]
}

/** The verb's own exit code when it says what is wrong, else failure. Throws Error when what comes before does not end well. */
export async function foundAhead(stage: Stage, fault: FaultAhead, say: Narrator): Promise<number> {
  const { run, lab } = stage
  for (const verb of fault.after) {
    say(verbKeys[verb], {})
    const { exitCode, stdout } = await run(verb, '--json')
    if (exitCode !== exitCodes.ok) throw new Error(`bascule ${verb} ended with ${exitCode}:\n${stdout}`)
  }
  await fault.cause?.(lab)
  say(verbKeys[fault.foundBy], {})
  const { exitCode, stdout } = await run(fault.foundBy, '--json')
  process.stdout.write(stdout)
  const named = namedIn(JSON.parse(stdout) as Looked)
  const sentence = named[fault.as]
  say(sentence === undefined ? 'demo.not-found' : 'demo.found', { as: fault.as, sentence: sentence ?? '' })
  const isFound = exitCode === exitCodes.checksFailed && sentence !== undefined
  return isFound ? exitCode : exitCodes.failure
}

/** What says NO-GO, with its words: findings that block and checks that have not passed, by id. */
function namedIn({ findings = [], checks = [] }: Looked): Record<string, string> {
  return Object.fromEntries([
    ...findings.filter(({ level }) => level === 'block').map(({ id, text }) => [id, text]),
    ...checks.filter(({ state }) => state !== 'passed').map(({ id, detail }) => [id, detail ?? '']),
  ])
}
