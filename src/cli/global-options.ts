import { userInfo } from 'node:os'

/** Options that every verb understands, before or after its name. */
export type GlobalOptions = {
  plan: string
  overlay: string[]
  state?: string
  json: boolean
  /** False: never ask, fail instead. */
  input: boolean
  lang?: string
  color: boolean
  /** What is done at the hosts is told as it is done. */
  verbose: boolean
  /** Only what fails, and how it ended. */
  quiet: boolean
  /** The file that keeps what is done at the hosts. */
  log?: string
  as?: string
  by: string
  /** The ssh key with which operator commands are signed. */
  key?: string
}

export const globalFlags = [
  { flags: '-p, --plan', value: 'file', name: 'plan', text: 'cli.option.plan' },
  { flags: '-o, --overlay', value: 'file', name: 'overlay', text: 'cli.option.overlay', repeatable: true },
  { flags: '-s, --state', value: 'directory', name: 'state', text: 'cli.option.state' },
  { flags: '--as', value: 'role', name: 'as', text: 'cli.option.as' },
  { flags: '--by', value: 'name', name: 'by', text: 'cli.option.by' },
  { flags: '--key', value: 'file', name: 'key', text: 'cli.option.key' },
  { flags: '--json', name: 'json', text: 'cli.option.json' },
  { flags: '-v, --verbose', name: 'verbose', text: 'cli.option.verbose' },
  { flags: '-q, --quiet', name: 'quiet', text: 'cli.option.quiet' },
  { flags: '--log', value: 'file', name: 'log', text: 'cli.option.log' },
  { flags: '--no-input', name: 'input', text: 'cli.option.input' },
  { flags: '--lang', value: 'language', name: 'lang', text: 'cli.option.lang', choices: ['en', 'fr'] },
  { flags: '--no-color', name: 'color', text: 'cli.option.color' },
] as const

type Environment = Record<string, string | undefined>

/** What was typed, else the environment, else the default. */
export function readGlobalOptions(typed: Record<string, unknown>, env: Environment): GlobalOptions {
  const text = (name: string) => (typeof typed[name] === 'string' ? (typed[name] as string) : undefined)
  const state = text('state') ?? env.BASCULE_STATE
  const [lang, as, key] = [text('lang'), text('as'), text('key') ?? env.BASCULE_KEY]
  const log = text('log')
  return {
    plan: text('plan') ?? env.BASCULE_PLAN ?? 'plan.yaml',
    overlay: Array.isArray(typed.overlay) ? (typed.overlay as string[]) : overlaysOf(env),
    json: typed.json === true,
    input: typed.input !== false,
    verbose: typed.verbose === true,
    quiet: typed.quiet === true,
    color: typed.color !== false && !env.NO_COLOR && env.TERM !== 'dumb',
    by: text('by') ?? env.BASCULE_BY ?? env.USER ?? env.LOGNAME ?? loginName(),
    ...(state ? { state } : {}),
    ...(log ? { log } : {}),
    ...(lang ? { lang } : {}),
    ...(as ? { as } : {}),
    ...(key ? { key } : {}),
  }
}

/** A user id without a name, as in some containers, has none. */
export function loginName(): string {
  try {
    return userInfo().username
  } catch {
    return 'unknown'
  }
}

/** Several overlays stand in the variable as on a PATH. */
function overlaysOf(env: Environment): string[] {
  return (env.BASCULE_OVERLAY ?? '').split(':').filter(Boolean)
}

/** `--lang` is needed before the command line is parsed: help and usage errors are spoken in it too. */
export function earlyLanguage(argv: readonly string[]): string | undefined {
  const end = argv.indexOf('--')
  const seen = end < 0 ? argv : argv.slice(0, end)
  const at = seen.lastIndexOf('--lang')
  const joined = seen.findLast(argument => argument.startsWith('--lang='))
  return at >= 0 ? seen[at + 1] : joined?.slice('--lang='.length)
}

/**
 * How the same migration is named again: heads the commands that are shown for typing. Only what was typed is repeated;
 * what comes from the environment is there next time too.
 */
export function typedCommand(typed: Record<string, unknown>): string {
  const words = ['bascule']
  if (typeof typed.plan === 'string') words.push('--plan', typed.plan)
  if (Array.isArray(typed.overlay)) for (const file of typed.overlay) words.push('--overlay', String(file))
  if (typeof typed.state === 'string') words.push('--state', typed.state)
  return words.map(shellWord).join(' ')
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
