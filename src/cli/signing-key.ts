import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { exitCodes, Failure } from '../model/failure.ts'
import type { Person, Plan } from '../model/plan.ts'
import type { MessageKey, Text } from '../model/text.ts'
import { agentKeys, bare, publicKeyOf, signText } from '../transport/ssh-signatures.ts'
import type { CommandContext } from './command-context.ts'

/** A person of the plan whose private key is at hand. */
export type SigningKey = { person: Person; sign(text: string): Promise<string> }

/** A file that ssh-keygen signs with, or a key that the agent signs with. */
type Found = { publicKey: string; file?: string }

/**
 * The key named by `--key`; else the only one of the plan that the agent or ~/.ssh has. `role`: of a person with several roles, or where
 * several people's keys are at hand, the one that is meant. Throws Failure.
 */
export async function signingKey(
  { options, env }: CommandContext,
  plan: Plan,
  role: string | undefined,
): Promise<SigningKey> {
  const people = [
    ...new Set(plan.people.filter(({ key }) => key !== undefined).map(({ name }) => name)),
  ].join(', ')
  const found = options.key === undefined ? await atHand(env) : [await named(options.key)]
  const known = found.flatMap(one =>
    plan.people.filter(({ key }) => key === one.publicKey).map(person => ({ person, ...one })),
  )
  const refuse = (text: Text, remedy: MessageKey) =>
    new Failure(text, { remedy: { key: remedy, values: { people } }, exitCode: exitCodes.usage })
  const meant = known.filter(({ person }) => person.role === role)
  const chosen = meant.length > 0 ? meant : known
  const [first] = chosen
  if (first === undefined) {
    const file = options.key
    if (file === undefined) throw refuse({ key: 'cli.key.none' }, 'cli.key.none.remedy')
    throw refuse({ key: 'cli.key.unknown', values: { file } }, 'cli.key.unknown.remedy')
  }
  const names = [...new Set(chosen.map(({ person }) => person.name))]
  if (names.length > 1)
    throw refuse({ key: 'cli.key.several', values: { people: names.join(', ') } }, 'cli.key.several.remedy')
  return { person: first.person, sign: text => signWith(first, text) }
}

/** Of a private key without its public half beside it, OpenSSH is asked; it may ask for the passphrase. */
async function named(file: string): Promise<Found> {
  const half = file.endsWith('.pub') ? file : `${file}.pub`
  const publicKey = existsSync(half) ? readFileSync(half, 'utf8') : await publicKeyOf(file)
  return { publicKey: bare(publicKey), file }
}

async function atHand(env: CommandContext['env']): Promise<Found[]> {
  const folder = join(env.HOME ?? homedir(), '.ssh')
  const files = namesIn(folder)
    .filter(name => /^id_\w+\.pub$/.test(name))
    .map(name => join(folder, name.slice(0, -'.pub'.length)))
  const kept = files
    .filter(existsSync)
    .map(file => ({ publicKey: bare(readFileSync(`${file}.pub`, 'utf8')), file }))
  const held = (await agentKeys()).map(key => ({ publicKey: bare(key) }))
  return [...held, ...kept]
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** The agent finds its key by the public half, which ssh-keygen reads from a file. */
async function signWith({ publicKey, file }: Found, text: string): Promise<string> {
  if (file !== undefined) return signText(text, file)
  const directory = mkdtempSync(join(tmpdir(), 'bascule-key-'))
  try {
    const half = join(directory, 'key.pub')
    writeFileSync(half, `${publicKey}\n`, { mode: 0o600 })
    return await signText(text, half)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
