import { dirname } from 'node:path/posix'
import { shellArgv } from '../transfer/commands.ts'

/** Prints where each is that is installed; ends with 1 when one is not. */
export const which = (programs: readonly string[]): string[] => ['which', '--', ...programs]

/** Whether one hypervisor may log in at the other without being asked anything, as the copies do. */
export const loginTo = (address: string): string[] => [...shellArgv, '--', address, 'true']

/** Free bytes of the deepest of a folder and those above it that is there: its line comes first. */
export const dfOf = (folder: string): string[] => {
  const above: string[] = []
  for (let path = folder; ; path = dirname(path)) {
    above.push(path)
    if (dirname(path) === path) break
  }
  return ['df', '--output=avail', '-B1', '--', ...above]
}

/** The names of the pools. Fails where there is no ZFS, or where it is not for this user. */
export const datasets: readonly string[] = ['zfs', 'list', '-H', '-o', 'name', '-d', '0']
