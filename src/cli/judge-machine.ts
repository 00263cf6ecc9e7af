import type { Finding } from '../model/fact.ts'
import type { Program } from '../model/kind.ts'
import type { MessageKey, Text, TextValue } from '../model/text.ts'

/** `clock`: whether something keeps it right; `unknown`: nothing there could tell. */
export type SeenMachine = {
  node: string
  programs: (Program & { found: boolean })[]
  directory: string
  user: string
  isWritable: boolean
  freeBytes: number
  clock: 'synchronised' | 'not-synchronised' | 'unknown'
}

/** Journal, its backup before a takeover, and a report, of a plan with hundreds of steps: an assumption with room to spare. */
const leastFreeMegabytes = 200
const leastNode = [24, 16] as const

/** Pure: what the machine Bascule runs on has and lacks, each with the line to type. */
export function judgeMachine(seen: SeenMachine): Finding[] {
  return [
    nodeFinding(seen),
    ...programFindings(seen),
    stateFinding(seen),
    diskFinding(seen),
    clockFinding(seen),
  ]
}

function nodeFinding({ node }: SeenMachine): Finding {
  const [major = 0, minor = 0] = node.split('.').map(Number)
  const isEnough = major > leastNode[0] || (major === leastNode[0] && minor >= leastNode[1])
  const values = { version: node, least: leastNode.join('.') }
  return isEnough
    ? ok('node', 'cli.doctor.node', values)
    : lack('node', 'block', 'cli.doctor.node.old', 'cli.doctor.node.old.remedy', values)
}

function programFindings({ programs }: SeenMachine): Finding[] {
  const found = programs.filter(one => one.found).map(({ program }) => program)
  const missing = programs.filter(one => !one.found)
  return [
    ...(found.length > 0 ? [ok('programs', 'cli.doctor.programs', { programs: found.join(', ') })] : []),
    ...missing.map(({ program, package: name }) =>
      lack(`missing.${program}`, 'block', 'cli.doctor.missing', 'cli.doctor.missing.remedy', {
        program,
        package: name,
      }),
    ),
  ]
}

function stateFinding({ directory, user, isWritable }: SeenMachine): Finding {
  const values = { directory, user }
  return isWritable
    ? ok('state', 'cli.doctor.state', values)
    : lack('state', 'block', 'cli.doctor.state.unwritable', 'cli.doctor.state.unwritable.remedy', values)
}

function diskFinding({ directory, freeBytes }: SeenMachine): Finding {
  const free = Math.floor(freeBytes / 1_000_000)
  const values = { directory, free, least: leastFreeMegabytes }
  return free >= leastFreeMegabytes
    ? ok('disk', 'cli.doctor.disk', values)
    : lack('disk', 'block', 'cli.doctor.disk.short', 'cli.doctor.disk.short.remedy', values)
}

function clockFinding({ clock }: SeenMachine): Finding {
  if (clock === 'synchronised') return ok('clock', 'cli.doctor.clock')
  if (clock === 'unknown')
    return lack('clock', 'warn', 'cli.doctor.clock.unknown', 'cli.doctor.clock.unknown.remedy')
  return lack('clock', 'warn', 'cli.doctor.clock.off', 'cli.doctor.clock.off.remedy')
}

type Values = Record<string, TextValue>
/** As the transport calls it. */
const component = 'localhost'

const ok = (rule: string, key: MessageKey, values: Values = {}): Finding => ({
  id: `${component}.${rule}`,
  component,
  level: 'ok',
  text: { key, values },
})

function lack(
  rule: string,
  level: 'warn' | 'block',
  key: MessageKey,
  remedyKey: MessageKey,
  values: Values = {},
): Finding {
  const remedy: Text = { key: remedyKey, values }
  return { id: `${component}.${rule}`, component, level, text: { key, values }, remedy }
}
