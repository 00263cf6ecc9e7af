import { Failure } from '../../../model/failure.ts'
import type { ReadIo } from '../../../model/io.ts'
import type { Text } from '../../../model/text.ts'
import { guestOf } from '../client/guest.ts'
import type { MachineSide } from '../sides.ts'
import type { ProbeSpec } from '../spec.ts'

/** `why`: what failed; absent for one that passed. */
export type ProbeResult = { name: string; why?: Text }

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
    return { name, ...(why && { why }) }
  } catch (error) {
    io.signal.throwIfAborted()
    return { name, why: whyOf(error) }
  }
}

const whyOf = (error: unknown): Text =>
  error instanceof Failure
    ? error.text
    : { key: 'proxmox-vm.probe.unanswered', values: { detail: String(error) } }

/** What is not as the plan expects it; undefined when all is. Outputs are not told: they may hold anything. */
export function fault(
  { expect }: Pick<ProbeSpec, 'expect'>,
  { exitCode, stdout }: { exitCode: number; stdout: string },
): Text | undefined {
  if (exitCode !== expect.exitCode)
    return { key: 'proxmox-vm.probe.exit', values: { found: exitCode, expected: expect.exitCode } }
  if (expect.output !== undefined && !new RegExp(expect.output, 'm').test(stdout))
    return { key: 'proxmox-vm.probe.output', values: { expected: expect.output } }
  return undefined
}

/** The failed ones as sentences, each with its probe's name. */
export const failures = (results: readonly ProbeResult[]): Text[] =>
  results.flatMap(({ name, why }) =>
    why === undefined ? [] : [{ key: 'proxmox-vm.measured.probe', values: { name, why } }],
  )
