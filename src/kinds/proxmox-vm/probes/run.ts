import type { ReadIo } from '../../../model/io.ts'
import { guestOf } from '../client/guest.ts'
import type { MachineSide } from '../sides.ts'
import type { ProbeSpec } from '../spec.ts'

/** `why` is empty for one that passed. */
export type ProbeResult = { name: string; passed: boolean; why: string }

/** The plan's probes, run in the guest by its agent, one after the other. Never throws for what a probe finds. */
export async function runProbes(io: ReadIo, at: MachineSide): Promise<ProbeResult[]> {
  const results: ProbeResult[] = []
  for (const probe of at.spec.probes) results.push(await runProbe(io, at, probe))
  return results
}

async function runProbe(io: ReadIo, at: MachineSide, probe: ProbeSpec): Promise<ProbeResult> {
  const { name, exec, timeoutSeconds } = probe
  try {
    const why = fault(probe, await guestOf(at, io).run(exec, { timeoutSeconds }))
    return { name, passed: why === undefined, why: why ?? '' }
  } catch (error) {
    io.signal.throwIfAborted()
    return { name, passed: false, why: error instanceof Error ? error.message : String(error) }
  }
}

/** What is not as the plan expects it; undefined when all is. Outputs are not told: they may hold anything. */
export function fault(
  { expect }: Pick<ProbeSpec, 'expect'>,
  { exitCode, stdout }: { exitCode: number; stdout: string },
): string | undefined {
  if (exitCode !== expect.exitCode) return `exit ${exitCode}, expected ${expect.exitCode}`
  if (expect.output !== undefined && !new RegExp(expect.output, 'm').test(stdout))
    return `output does not match /${expect.output}/`
  return undefined
}

export const failed = (results: readonly ProbeResult[]): ProbeResult[] =>
  results.filter(({ passed }) => !passed)
export const inShort = (results: readonly ProbeResult[]): string =>
  results.map(({ name, why }) => `${name}: ${why}`).join('; ')
