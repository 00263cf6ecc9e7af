import type { ReadIo } from '../../model/io.ts'
import { anyEntry } from './commands.ts'
import { type Places, workFile } from './places.ts'

/** What the tree at the target is before anything is sent. `ours`: brought there by an earlier first sync. */
export type TargetState = 'missing' | 'empty' | 'ours' | 'foreign'

export async function targetState(places: Places, io: ReadIo): Promise<TargetState> {
  const [entry, ours] = await Promise.all([
    io.read(places.target.ssh, anyEntry(places.target.path), { allowFailure: true }),
    io.read(places.target.ssh, ['test', '-e', workFile(places, 'brought')], { allowFailure: true }),
  ])
  if (ours.exitCode === 0) return 'ours'
  if (entry.exitCode !== 0) return 'missing'
  return entry.stdout === '' ? 'empty' : 'foreign'
}
