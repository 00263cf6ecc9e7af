import type { ReadIo } from '../../model/io.ts'
import type { Host } from '../../model/plan.ts'
import { listRuleset, listTable } from './commands.ts'
import { acceptMark, type Placed, stampIn, tableOf } from './ruleset.ts'

type Match = { left?: { ct?: { key?: string } }; right?: unknown }
type Expression = { match?: Match; counter?: { packets: number; bytes: number } } & Record<string, unknown>
type Element = {
  elem?: {
    val?: { concat?: (string | number)[] }
    expires?: number
    counter?: { packets: number; bytes: number }
  }
}
type Named = { family: string; table: string; name: string }
export type Chain = Named & { type?: string; hook?: string; prio?: number; policy?: string }
export type RuleFound = {
  family: string
  table: string
  chain: string
  handle: number
  comment?: string
  expr: Expression[]
}
export type SetFound = Named & { timeout?: number; elem?: Element[] }
/** What the kernel holds, as far as forwarding is concerned. */
export type Kernel = { chains: Chain[]; rules: RuleFound[]; sets: SetFound[] }

export async function kernelOf(host: Host, io: ReadIo): Promise<Kernel> {
  return parseRuleset((await io.read(host.ssh, listRuleset())).stdout)
}

export function parseRuleset(output: string): Kernel {
  const { nftables } = JSON.parse(output) as { nftables: Record<string, unknown>[] }
  const all = <T>(key: string): T[] => nftables.flatMap(entry => (key in entry ? [entry[key] as T] : []))
  return { chains: all('chain'), rules: all('rule'), sets: all('set') }
}

/** The stamp of our table; `foreign` for one of that name that is not ours; undefined when there is none. */
export async function loadedStamp(
  component: string,
  host: Host,
  io: ReadIo,
): Promise<string | 'foreign' | undefined> {
  const { exitCode, stdout } = await io.read(host.ssh, listTable(tableOf(component)), { allowFailure: true })
  return exitCode === 0 ? (stampIn(stdout) ?? 'foreign') : undefined
}

/** Our accept rules in chains that are not ours, wherever they are. */
export function placedIn(kernel: Kernel, component: string): (Placed & { comment: string })[] {
  const mark = `${acceptMark(component)} `
  return kernel.rules
    .filter(rule => rule.table !== tableOf(component) && rule.comment?.startsWith(mark))
    .map(({ family, table, chain, handle, comment = '' }) => ({
      table: `${family} ${table}`,
      chain,
      handle,
      comment,
    }))
}

const chainName = ({ family, table, name }: Chain): string => `${family} ${table} ${name}`
const rulesOf = ({ family, table, name }: Chain, kernel: Kernel): RuleFound[] =>
  kernel.rules.filter(rule => rule.family === family && rule.table === table && rule.chain === name)

/** A rule without a condition that ends what comes that far: as good as a policy. */
const dropsAll = ({ expr }: RuleFound): boolean =>
  ('drop' in (expr.at(-1) ?? {}) || 'reject' in (expr.at(-1) ?? {})) && !expr.some(({ match }) => match)

/** The administrator has a rule of his own for what is passed on. */
const acceptsPassedOn = ({ expr }: RuleFound): boolean =>
  'accept' in (expr.at(-1) ?? {}) &&
  expr.filter(({ match }) => match).length === 1 &&
  expr.some(({ match }) => match?.left?.ct?.key === 'status' && match.right === 'dnat')

/** Chains through which forwarded packets go and which drop what they do not know. */
export function droppingChains(kernel: Kernel): { table: string; chain: string }[] {
  return kernel.chains
    .filter(({ hook, family }) => hook === 'forward' && ['ip', 'ip6', 'inet'].includes(family))
    .filter(chain => chain.policy === 'drop' || rulesOf(chain, kernel).some(dropsAll))
    .filter(chain => !rulesOf(chain, kernel).some(acceptsPassedOn))
    .map(({ family, table, name }) => ({ table: `${family} ${table}`, chain: name }))
}

/** Chains of others that change where packets go, at or before our own place. */
export function earlierRedirects(kernel: Kernel, ownTable: string, ownPriority: number): string[] {
  return kernel.chains
    .filter(({ hook, type, prio = 0 }) => hook === 'prerouting' && type === 'nat' && prio <= ownPriority)
    .filter(({ table }) => table !== ownTable)
    .filter(chain => rulesOf(chain, kernel).some(({ expr }) => expr.some(redirects)))
    .map(chainName)
}
const redirects = (expression: Expression): boolean => 'dnat' in expression || 'redirect' in expression

export const hasChain = (kernel: Kernel, table: string, chain: string): boolean =>
  kernel.chains.some(({ family, table: of, name }) => `${family} ${of}` === table && name === chain)
