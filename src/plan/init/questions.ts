import { isCancel, multiselect, text } from '@clack/prompts'
import { z } from 'zod'
import { exitCodes, Failure } from '../../model/failure.ts'
import { slug } from '../../model/slug.ts'
import type { MessageKey, Text } from '../../model/text.ts'
import * as field from '../fields.ts'
import {
  type Answers,
  guessHost,
  type HostRole,
  hostRolesOf,
  type Part,
  parts,
  type SiteAnswers,
} from './answers.ts'
import type { SshHost } from './ssh-config.ts'

const partKeys: Record<Part, MessageKey> = {
  database: 'plan.init.part.database',
  files: 'plan.init.part.files',
  site: 'plan.init.part.site',
  names: 'plan.init.part.names',
}
const roleKeys: Record<HostRole, MessageKey> = {
  gateway: 'plan.init.role.gateway',
  database: 'plan.init.role.database',
  files: 'plan.init.role.files',
  app: 'plan.init.role.app',
}

type Say = (text: Text) => string
/** What is asked goes to stderr: stdout is for data. */
const streams = { output: process.stderr }

const domainName = z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)*$/i, 'plan.expected.domain')
const isAddress = (text: string) => field.address().safeParse(text).success

/** Asks what cannot be found, each question with the best guess filled in. Throws Failure when the person breaks it off. */
export async function askAnswers(defaults: Answers, known: readonly SshHost[], say: Say): Promise<Answers> {
  const line = (key: MessageKey, guess: string) => question(key, guess, field.line(), say)
  const title = await line('plan.init.ask.title', defaults.title)
  const sourceTitle = await line('plan.init.ask.source', defaults.source.title)
  const targetTitle = await line('plan.init.ask.target', defaults.target.title)
  const zone = await question('plan.init.ask.zone', defaults.zone, field.zone(), say)
  const start = await question('plan.init.ask.start', defaults.start, field.localTime(), say)
  const chosen = given(
    await multiselect({
      ...streams,
      message: say({ key: 'plan.init.ask.parts' }),
      options: parts.map(part => ({ value: part, label: say({ key: partKeys[part] }) })),
      initialValues: defaults.parts,
      required: true,
    }),
  )
  const domain = chosen.includes('names')
    ? await question('plan.init.ask.domain', defaults.domain, domainName, say)
    : defaults.domain
  const source = await askSite(sourceTitle, hostRolesOf(chosen), known, say)
  const target = await askSite(targetTitle, hostRolesOf(chosen), known, say)
  const lead = {
    name: await line('plan.init.ask.lead', defaults.lead.name),
    contact: await line('plan.init.ask.contact', defaults.lead.contact),
  }
  return { title, zone, start, domain, lead, parts: chosen, source, target }
}

async function askSite(
  title: string,
  roles: HostRole[],
  known: readonly SshHost[],
  say: Say,
): Promise<SiteAnswers> {
  const hosts: SiteAnswers['hosts'] = {}
  for (const role of roles) {
    const guess = guessHost(known, [title], role).ssh
    const ssh = await question('plan.init.ask.host', guess, field.sshName(), say, {
      host: say({ key: roleKeys[role] }),
      site: title,
    })
    const bare = ssh.replace(/^.*@/, '')
    const address =
      known.find(host => host.ssh === ssh)?.address ?? (isAddress(bare) ? bare : `${slug(title)}-${role}`)
    hosts[role] = { ssh, address }
  }
  return { title, hosts }
}

/** Asked again until the plan would accept the answer. */
async function question(
  key: MessageKey,
  initialValue: string,
  type: z.ZodType,
  say: Say,
  values: Record<string, string> = {},
): Promise<string> {
  const validate = (answer: string | undefined) => {
    const expected = type.safeParse(answer ?? '').error?.issues[0]?.message
    if (expected === undefined) return undefined
    // the messages of our fields are keys (src/plan/fields.ts)
    return say({ key: 'plan.expected', values: { what: say({ key: expected as MessageKey }) } })
  }
  const message = say({ key, values })
  return given(await text({ ...streams, message, initialValue, validate })).trim()
}

function given<Answer>(answer: Answer): Exclude<Answer, symbol> {
  if (!isCancel(answer)) return answer as Exclude<Answer, symbol>
  throw new Failure({ key: 'plan.init.cancelled' }, { exitCode: exitCodes.usage })
}
