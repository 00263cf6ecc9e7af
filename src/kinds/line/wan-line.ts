import { Failure } from '../../model/failure.ts'
import type { ReadIo } from '../../model/io.ts'
import type { LineStatus } from '../../model/kind.ts'
import type { Host, Plan } from '../../model/plan.ts'
import { siteHost } from '../kit/site-host.ts'
import { echo } from './commands.ts'
import type { LineSpec } from './spec.ts'

/** The target's two lines, and the gateways from which they are measured. */
export type WanLine = { spec: LineSpec; source: Host; target: Host }

export const wanLineOf = ({ spec, plan }: { spec: LineSpec; plan: Plan }): WanLine => ({
  spec,
  source: siteHost(plan, 'source', spec.source.host),
  target: siteHost(plan, 'target', spec.target.host),
})

/** Asked at the source, through the main line's own interface: no other way can answer in its place. */
export async function probeMainLine({ spec, source, target }: WanLine, io: ReadIo): Promise<LineStatus> {
  const { interface: device, address } = spec.main.probe
  const values = { source: source.ssh, target: target.ssh, address, device: device ?? '-' }
  if (await answers(source.ssh, address, device, io)) return { there: true }
  const spare = await answers(source.ssh, spec.backup.address, undefined, io)
  return { there: false, why: { key: spare ? 'line.lost.backupThere' : 'line.lost.nothing', values } }
}

/** Of the backup line: whether it answers at all, by whatever way leads to it. */
export const backupAnswers = ({ spec, source }: WanLine, io: ReadIo): Promise<boolean> =>
  answers(source.ssh, spec.backup.address, undefined, io)

/** Three echoes take two seconds; the rest is for a host that is busy, whose silence would say nothing of the line. */
const echoSeconds = 30

/** Throws Failure when nothing could be asked. */
async function answers(
  host: string,
  address: string,
  device: string | undefined,
  io: ReadIo,
): Promise<boolean> {
  const argv = echo(address, device)
  const { exitCode } = await io.read(host, argv, { allowFailure: true, timeoutSeconds: echoSeconds })
  if (exitCode !== 127) return exitCode === 0
  const values = { host }
  throw new Failure(
    { key: 'line.echo.missing', values },
    { remedy: { key: 'line.echo.missing.remedy', values } },
  )
}
