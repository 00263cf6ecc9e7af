import { Failure } from '../../../model/failure.ts'
import type { ReadIo } from '../../../model/io.ts'
import { script } from '../../kit/script.ts'
import type { Asked } from '../passes.ts'
import type { Firewall } from '../sides.ts'
import type { NftablesSpec } from '../spec.ts'
import { isDeclared, isNeighbour, wayOf } from './expected.ts'
import { portsOf, type Target, targetsOf } from './targets.ts'
import { type Vantage, vantagesOf } from './vantages.ts'

/** `refused`: the way is open, and nothing listens there. `unknown`: the vantage cannot try it. */
type Seen = 'open' | 'refused' | 'closed' | 'unknown'
type Try = { vantage: Vantage; target: Target; asked: Asked; declared: boolean }
export type Cell = Try & { seen: Seen }
/** `unasked`: vantages from which nothing could be tried, and why. */
export type Matrix = { cells: Cell[]; unasked: { vantage: Vantage; why: string }[] }

/** Measures asked for at the same time share one matrix: it takes seconds, and processes at every vantage. */
const underWay = new Map<string, Promise<Matrix>>()

/** Tries everything from every vantage at once, one command a vantage. What differs from the declaration is tried again. */
export function measureMatrix(firewall: Firewall, io: ReadIo): Promise<Matrix> {
  const { plan, component } = firewall
  const key = JSON.stringify([plan.name, component.id, plan.ssh.configFile])
  const running = underWay.get(key)
  if (running !== undefined) return running
  const matrix = lookFromEverywhere(firewall, io).finally(() => underWay.delete(key))
  underWay.set(key, matrix)
  return matrix
}

async function lookFromEverywhere(firewall: Firewall, io: ReadIo): Promise<Matrix> {
  const { spec, plan } = firewall
  const targets = targetsOf(firewall)
  const looks = await Promise.all(
    vantagesOf(spec, plan).map(async vantage => ({
      vantage,
      ...(await lookFrom(spec, vantage, triesFrom(spec, vantage, targets), io)),
    })),
  )
  return {
    cells: looks.flatMap(({ cells }) => cells),
    unasked: looks.flatMap(({ vantage, why }) => (why === undefined ? [] : [{ vantage, why }])),
  }
}

function triesFrom(spec: NftablesSpec, vantage: Vantage, targets: readonly Target[]): Try[] {
  const asked: Asked[] = [
    { protocol: 'icmp' },
    ...portsOf(spec).map(port => ({ protocol: 'tcp' as const, port })),
  ]
  return targets
    .filter(target => wayOf(vantage, target) !== undefined && !isNeighbour(spec, vantage, target))
    .filter(({ address }) => address !== vantage.address)
    .flatMap(target =>
      asked.map(one => ({
        vantage,
        target,
        asked: one,
        declared: isDeclared(spec, vantage, target, one),
      })),
    )
}

async function lookFrom(
  spec: NftablesSpec,
  vantage: Vantage,
  tries: Try[],
  io: ReadIo,
): Promise<{ cells: Cell[]; why?: string }> {
  try {
    const first = await attempt(vantage, tries, spec.probes.waitSeconds, io)
    // An answer that came late, or an echo that was lost, is no finding.
    const doubtful = first.filter(isWrong)
    const again = await attempt(vantage, doubtful, spec.probes.waitSeconds * 2, io)
    return { cells: [...first.filter(cell => !isWrong(cell)), ...again] }
  } catch (error) {
    io.signal.throwIfAborted()
    return { cells: [], why: whyNot(error) }
  }
}

async function attempt(vantage: Vantage, tries: Try[], waitSeconds: number, io: ReadIo): Promise<Cell[]> {
  if (tries.length === 0) return []
  const waves = Math.ceil(tries.length / triesAtOnce)
  const { stdout } = await vantage.read(probe(waitSeconds), io, {
    input: tries.map(one => `${lineOf(one)}\n`).join(''),
    timeoutSeconds: Math.ceil(waves * (waitSeconds + 5)) + 15,
  })
  const answers = new Map(
    stdout
      .split('\n')
      .map(line => [line.slice(0, line.lastIndexOf(' ')), line.slice(line.lastIndexOf(' ') + 1)]),
  )
  return tries.map(one => ({ ...one, seen: (answers.get(lineOf(one)) ?? 'unknown') as Seen }))
}

const lineOf = ({ target, asked }: Pick<Try, 'target' | 'asked'>): string =>
  asked.protocol === 'icmp' ? `icmp ${target.address}` : `${asked.protocol} ${target.address} ${asked.port}`

/** A refusal came through all the same. */
export const isOpen = ({ seen }: Cell): boolean => seen === 'open' || seen === 'refused'
export const isWrong = (cell: Cell): boolean => cell.seen !== 'unknown' && isOpen(cell) !== cell.declared

function whyNot(error: unknown): string {
  if (!(error instanceof Failure)) return error instanceof Error ? error.message : String(error)
  const detail = error.text.values?.stderr ?? error.text.values?.detail ?? error.text.values?.reason
  return String(detail ?? error.text.key)
    .trim()
    .slice(0, 200)
}

const tries = script(import.meta.dirname, '../scripts/probe.sh')
const connect = script(import.meta.dirname, '../scripts/connect.pl')

/** How many tries one vantage has under way: without perl each is a process of its own for as long as nothing answers. */
const triesAtOnce = 192

/** Tries the targets on standard input from where it runs: `open`, `refused`, `closed` or `unknown` for each. */
export const probe = (waitSeconds: number): string[] => [
  ...['bash', '-c', tries.text(), 'probe.sh', String(waitSeconds), String(triesAtOnce), connect.text()],
]
