import { Failure } from '../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../model/io.ts'
import type { Forwarder } from './gateway.ts'
import { bootScript, fileMark } from './ruleset.ts'

/** What lies where the plan wants the rules kept for the gateway's boot. */
export type FileThere = 'nothing' | 'ours' | 'foreign'
type Found = { there: FileThere; content: string }

export async function persistedFile({ component, spec, host }: Forwarder, io: ReadIo): Promise<Found> {
  if (spec.persist === undefined) return { there: 'nothing', content: '' }
  const argv = ['cat', '--', spec.persist.file]
  const { stdout, exitCode } = await io.read(host.ssh, argv, { allowFailure: true })
  if (exitCode !== 0) return { there: 'nothing', content: '' }
  return { there: stdout.startsWith(`${fileMark(component)}\n`) ? 'ours' : 'foreign', content: stdout }
}

/** True, too, when the plan wants nothing kept. */
export async function isPersisted(forwarder: Forwarder, io: ReadIo): Promise<boolean> {
  const { component, spec } = forwarder
  return (
    spec.persist === undefined || (await persistedFile(forwarder, io)).content === bootScript(component, spec)
  )
}

export async function persistRules(forwarder: Forwarder, io: ChangeIo): Promise<void> {
  const { component, spec, host } = forwarder
  if (spec.persist === undefined || (await isPersisted(forwarder, io))) return
  if ((await persistedFile(forwarder, io)).there === 'foreign') throw fileTaken(forwarder)
  await io.writeFile(host.ssh, spec.persist.file, bootScript(component, spec), { mode: '0600' })
}

export async function removePersisted(forwarder: Forwarder, io: ChangeIo): Promise<void> {
  const { spec, host } = forwarder
  if (spec.persist && (await persistedFile(forwarder, io)).there === 'ours')
    await io.change(host.ssh, ['rm', '-f', '--', spec.persist.file])
}

function fileTaken({ host, spec }: Forwarder): Failure {
  const values = { host: host.ssh, file: spec.persist?.file ?? '' }
  return new Failure(
    { key: 'forwarder.file.taken', values },
    { remedy: { key: 'forwarder.file.taken.remedy', values } },
  )
}
