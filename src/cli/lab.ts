import { existsSync } from 'node:fs'
import { exitCodes, Failure } from '../model/failure.ts'
import type { MessageKey, Text } from '../model/text.ts'
import { type Line, span } from '../views/lines.ts'
import type { CommandContext } from './command-context.ts'
import { type Call, textOption, type Verb } from './verb.ts'

const nameOption = { flags: '--name', value: 'name', text: 'cli.lab.option.name' } as const

/** The two-site laboratory on this machine. */
export const lab: Verb = {
  name: 'lab',
  group: 'tools',
  summary: 'cli.lab.summary',
  examples: 'cli.lab.examples',
  verbs: [
    {
      name: 'up',
      summary: 'cli.lab.up.summary',
      examples: 'cli.lab.up.examples',
      options: [
        nameOption,
        { flags: '--size', value: 'size', text: 'cli.lab.up.option.size' },
        { flags: '--link-mbps', value: 'rate', text: 'cli.lab.up.option.link-mbps' },
        { flags: '--without-machines', text: 'cli.lab.up.option.without-machines' },
      ],
      run: up,
    },
    {
      name: 'status',
      summary: 'cli.lab.status.summary',
      examples: 'cli.lab.status.examples',
      options: [{ ...nameOption, text: 'cli.lab.status.option.name' }],
      run: status,
    },
    {
      name: 'down',
      summary: 'cli.lab.down.summary',
      examples: 'cli.lab.down.examples',
      options: [nameOption],
      run: down,
    },
  ],
}

async function up(context: CommandContext, call: Call) {
  const { raiseLab, withoutMachines, parseSize } = await laboratory(context)
  const raised = await raiseLab({
    name: nameOf(call),
    size: parseSize(textOption(call, 'size') ?? 'small'),
    linkMbps: rateOf(call),
    ...(call.options.withoutMachines === true && { parts: withoutMachines }),
    // the old TTL is waited out in the preparation: nobody should wait minutes for it in a trial
    initialTtlSeconds: 10,
    onProgress: text => context.printProgress([[span('· ', 'dim'), span(context.say(text))]]),
  })
  const command = `bascule --plan examples/techcorp/plan.yaml --overlay ${raised.overlayFile} status`
  context.print([
    [span(context.say({ key: 'cli.lab.up', values: { name: raised.name } }))],
    [span(command, 'active')],
  ])
  context.json({ lab: raised })
  return undefined
}

async function status(context: CommandContext, call: Call) {
  const { allLabs, labStatus } = await laboratory(context)
  const name = textOption(call, 'name')
  const labs = name === undefined ? allLabs() : [labStatus(name)]
  if (labs.length === 0) context.print([[span(context.say({ key: 'cli.lab.none' }))]])
  else context.print(labs.map(one => labLine(one, context)))
  context.json({ labs })
  return undefined
}

const stateKeys: Record<Status['state'], MessageKey> = {
  absent: 'cli.lab.state.absent',
  partial: 'cli.lab.state.partial',
  up: 'cli.lab.state.up',
}

function labLine({ name, state, missing, lab: raised }: Status, context: CommandContext): Line {
  const style = state === 'up' ? 'good' : 'warn'
  const parts = [raised?.prefix, missing.length > 0 ? `− ${missing.join(', ')}` : '', raised?.overlayFile]
  return [
    span(`${name}  `, 'strong'),
    span(context.say({ key: stateKeys[state] }), style),
    span(`  ${parts.filter(Boolean).join('  ')}`),
  ]
}

async function down(context: CommandContext, call: Call) {
  const { lowerLab } = await laboratory(context)
  const name = nameOf(call)
  const wasUp = await lowerLab(name)
  context.print([[span(context.say({ key: wasUp ? 'cli.lab.down' : 'cli.lab.wasDown', values: { name } }))]])
  context.json({ name, lowered: wasUp })
  return undefined
}

const nameOf = (call: Call): string => textOption(call, 'name') ?? 'lab'

function rateOf(call: Call): number {
  const written = textOption(call, 'linkMbps') ?? '200'
  const rate = Number(written)
  if (Number.isFinite(rate) && rate > 0) return rate
  const values = { what: '--link-mbps', value: written }
  throw new Failure({ key: 'cli.usage.number', values }, { exitCode: exitCodes.usage })
}

type Status = {
  name: string
  state: 'absent' | 'partial' | 'up'
  missing: string[]
  lab?: { prefix: string; overlayFile: string }
}
/** What is used of `lab/lab.ts` and `lab/estate/seed/sizes.ts`. */
type Laboratory = {
  raiseLab(options: {
    name: string
    size: unknown
    linkMbps: number
    parts?: readonly string[]
    initialTtlSeconds: number
    onProgress: (text: Text) => void
  }): Promise<{ name: string; overlayFile: string }>
  withoutMachines: readonly string[]
  lowerLab(name: string): Promise<boolean>
  labStatus(name: string): Status
  allLabs(): Status[]
  parseSize(text: string): unknown
}

/** The laboratory is part of the checkout, not of the published package: it is looked for, never imported. */
async function laboratory(context: CommandContext): Promise<Laboratory> {
  const file = new URL('../../lab/lab.ts', import.meta.url)
  if (!existsSync(file)) {
    throw new Failure({ key: 'cli.lab.absent' }, { remedy: { key: 'cli.lab.absent.remedy' } })
  }
  const { messages, ...module } = await import(file.href)
  const sizes = await import(new URL('../../lab/estate/seed/sizes.ts', import.meta.url).href)
  context.addCatalogues(messages)
  return { ...module, parseSize: sizes.parseSize }
}
