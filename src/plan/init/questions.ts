import { isCancel, multiselect, text } from '@clack/prompts'
import { z } from 'zod'
import { exitCodes, Failure } from '../../model/failure.ts'
import { composed, type MessageKey, type Text } from '../../model/text.ts'
import * as field from '../fields.ts'
import {
  type Answers,
  guessHost,
  type HostRole,
  hostRolesOf,
  parts,
  type SiteAnswers,
  slug,
} from './answers.ts'
import type { SshHost } from './ssh-config.ts'

type Say = (text: Text) => string
/** What is asked goes to stderr: stdout is for data. */
const streams = { output: process.stderr }

const domainName = z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)*$/i, 'plan.expected.domain')
const isAddress = (text: string) => field.address().safeParse(text).success

/** Asks what cannot be found, each question with the best guess filled in. Throws Failure when it is given up. */
export async function askAnswers(defaults: Answers, known: readonly SshHost[], say: Say): Promise<Answers> {
  const line = (key: string, guess: string) => question(key, guess, field.line(), say)
  const title = await line('title', defaults.title)
  const sourceTitle = await line('source', defaults.source.title)
  const targetTitle = await line('target', defaults.target.title)
  const zone = await question('zone', defaults.zone, field.zone(), say)
  const start = await question('start', defaults.start, field.localTime(), say)
  const chosen = given(
    await multiselect({
      ...streams,
      message: say({ key: 'plan.init.ask.parts' }),
      options: parts.map(part => ({ value: part, label: say({ key: `plan.init.part.${part}` }) })),
      initialValues: defaults.parts,
      required: true,
    }),
  )
  const domain = chosen.includes('names')
    ? await question('domain', defaults.domain, domainName, say)
    : defaults.domain
  const source = await askSite(sourceTitle, hostRolesOf(chosen), known, say)
  const target = await askSite(targetTitle, hostRolesOf(chosen), known, say)
  const lead = {
    name: await line('lead', defaults.lead.name),
    contact: await line('contact', defaults.lead.contact),
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
    const key: MessageKey = `plan.init.role.${role}`
    const guess = guessHost(known, [title], role).ssh
    const ssh = await question('host', guess, field.sshName(), say, { host: say({ key }), site: title })
    const bare = ssh.replace(/^.*@/, '')
    const address =
      known.find(host => host.ssh === ssh)?.address ?? (isAddress(bare) ? bare : `${slug(title)}-${role}`)
    hosts[role] = { ssh, address }
  }
  return { title, hosts }
}

/** Asked again until the plan would accept the answer. */
async function question(
  key: string,
  initialValue: string,
  type: z.ZodType,
  say: Say,
  values: Record<string, string> = {},
): Promise<string> {
  const validate = (answer: string | undefined) => {
    const expected = type.safeParse(answer ?? '').error?.issues[0]?.message
    if (expected === undefined) return undefined
    return say({ key: 'plan.expected', values: { what: say({ key: composed(expected) }) } })
  }
  const message = say({ key: composed(`plan.init.ask.${key}`), values })
  return given(await text({ ...streams, message, initialValue, validate })).trim()
}

function given<Answer>(answer: Answer): Exclude<Answer, symbol> {
  if (!isCancel(answer)) return answer as Exclude<Answer, symbol>
  throw new Failure({ key: 'plan.init.cancelled' }, { exitCode: exitCodes.usage })
}
