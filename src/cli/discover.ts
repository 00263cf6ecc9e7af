import { existsSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { discover as draft } from '../discover/discover.ts'
import { readHosts } from '../discover/read.ts'
import type { HostOutput } from '../discover/seen.ts'
import { exitCodes, Failure } from '../model/failure.ts'
import type { SiteSide } from '../model/plan.ts'
import { createRedactor } from '../transport/redact.ts'
import { openTransport } from '../transport/transport.ts'
import { span } from '../views/lines.ts'
import type { CommandContext } from './command-context.ts'
import { unwritable } from './file-failures.ts'
import { onInterrupt } from './interrupt.ts'
import { type Call, textOption, type Verb } from './verb.ts'

type Named = { side: SiteSide; ssh: string }

/** Reads the hosts of both sites and drafts a plan of what is there. Changes nothing at either. */
export const discover: Verb = {
  name: 'discover',
  group: 'plan',
  summary: 'cli.discover.summary',
  examples: 'cli.discover.examples',
  options: [
    { flags: '--source', value: 'host', text: 'cli.discover.source', required: true },
    { flags: '--target', value: 'host', text: 'cli.discover.target', required: true },
    { flags: '--output', value: 'file', text: 'cli.discover.output' },
    { flags: '--ssh-config', value: 'file', text: 'cli.discover.sshConfig' },
    { flags: '--force', text: 'cli.discover.force' },
  ],
  async run(context, call) {
    const file = textOption(call, 'output') ?? context.options.plan
    const page = join(dirname(file), 'discovered.md')
    const isForced = call.options.force === true
    for (const path of isForced ? [] : [file, page]) if (existsSync(path)) throw alreadyThere(path)
    const hosts = [...hostsIn(call, 'source'), ...hostsIn(call, 'target')]
    const configFile = textOption(call, 'sshConfig')
    const outputs = await read(context, hosts, configFile)
    const found = draft(outputs, await context.kinds(), Temporal.Now.timeZoneId(), configFile, context.say)
    write(file, found.plan, isForced)
    write(page, found.page, isForced)
    const values = { file, page, components: found.components.length, count: found.questions.length }
    context.print([
      [span(context.say({ key: 'cli.discover.written', values }))],
      [span(context.say({ key: 'cli.discover.open', values }))],
      [span(context.say({ key: 'cli.status.next' })), span(` ${context.commandPrefix} check`, 'active')],
    ])
    context.json({
      file,
      page,
      components: found.components.map(({ id, kind, host, needs }) => ({ id, kind, host: host.ssh, needs })),
      questions: found.questions,
      leftovers: Object.fromEntries(found.sections.map(({ id, items }) => [id, items.map(context.say)])),
    })
    return undefined
  },
}

async function read(
  context: CommandContext,
  hosts: readonly Named[],
  configFile: string | undefined,
): Promise<HostOutput[]> {
  const kinds = await context.kinds()
  const tell = (text: string) => context.printProgress([[span(text, 'dim')]])
  const interrupt = onInterrupt(() => tell(context.say({ key: 'cli.look.stopping' })))
  const transport = await openTransport({
    hosts: Object.fromEntries(hosts.map(({ ssh }) => [ssh, { ssh, address: ssh, become: 'runuser' }])),
    ssh: { connectTimeoutSeconds: 10, ...(configFile !== undefined && { configFile }) },
    redactor: createRedactor(),
  })
  try {
    const io = transport.ioFor({ key: 'discover', signal: interrupt.signal })
    return await readHosts(hosts, kinds, io, host =>
      tell(context.say({ key: 'cli.discover.reading', values: { host } })),
    )
  } finally {
    interrupt.forget()
    await transport.close()
  }
}

/** `db1,web1`: names of the ssh configuration, or `user@address`. No name is an option of ssh. */
function hostsIn(call: Call, side: SiteSide): Named[] {
  const names = (textOption(call, side) ?? '').split(',').map(name => name.trim())
  const wrong = names.find(name => !/^[^\s-]\S*$/.test(name))
  if (wrong === undefined) return [...new Set(names)].map(ssh => ({ side, ssh }))
  const values = { option: `--${side}`, name: wrong }
  throw new Failure(
    { key: 'cli.discover.badHost', values },
    { remedy: { key: 'cli.discover.badHost.remedy' }, exitCode: exitCodes.usage },
  )
}

function write(file: string, text: string, isForced: boolean): void {
  try {
    // `wx` fails on a file that came while the hosts were read
    writeFileSync(file, text, { flag: isForced ? 'w' : 'wx' })
  } catch (cause) {
    throw (cause as NodeJS.ErrnoException).code === 'EEXIST'
      ? alreadyThere(file, cause)
      : unwritable(file, cause)
  }
}

function alreadyThere(file: string, cause?: unknown): Failure {
  return new Failure(
    { key: 'cli.init.there', values: { file } },
    { remedy: { key: 'cli.discover.there.remedy' }, exitCode: exitCodes.usage, cause },
  )
}
