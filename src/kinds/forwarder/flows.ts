import type { ChangeIo, ReadIo } from '../../model/io.ts'
import type { Forwarder } from './at.ts'
import { answeredHere, begunHere, passedOn } from './commands.ts'

/** conntrack lists one connection a line; without any it prints nothing, and deleting none is no failure of ours. */
const counted = (stdout: string): number => stdout.split('\n').filter(line => line.trim() !== '').length

/** Connections of clients that the gateway itself still answers. */
export async function staleFlows({ spec, host }: Forwarder, io: ReadIo): Promise<number> {
  let found = 0
  for (const rule of spec.forward) {
    const { stdout } = await io.read(host.ssh, answeredHere(rule, 'list'), { allowFailure: true })
    found += counted(stdout)
  }
  return found
}

/** Forgets the connections that began before; what comes next on them is passed on. How many there were. */
export async function forgetStale({ spec, host }: Forwarder, io: ChangeIo): Promise<number> {
  let forgotten = 0
  for (const rule of spec.forward)
    for (const argv of [answeredHere(rule, 'delete'), begunHere(rule, 'delete')])
      forgotten += counted((await io.change(host.ssh, argv, { allowFailure: true })).stdout)
  return forgotten
}

/** The same on the way back: what was passed on goes to the gateway itself again. */
export async function forgetPassedOn({ spec, host }: Forwarder, io: ChangeIo): Promise<void> {
  for (const rule of spec.forward) await io.change(host.ssh, passedOn(rule, 'delete'), { allowFailure: true })
}
