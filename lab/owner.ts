import { randomInt } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isAlive, ownIdentity, type ProcessIdentity } from './hosts/processes.ts'
import { lowerLab } from './lower.ts'
import { directoryOf, type LabState, labNames, readState, writeState } from './state.ts'

/** In the environment of a program and of all that it starts: the process whose end is that of the labs raised there. */
export const ownerVariable = 'BASCULE_LAB_OWNER'

const letters = 'bcdfghjkmnpqrstvwxz'
const ownEnding = Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join('')

/**
 * A name that no other program's lab has, so that two runs on one machine never meet. From the first call on, what this process
 * raises, itself or by another program, is taken down by the next raising on this machine once this process is gone. Of
 * `name` the first 15 letters are kept; one that is this process's own already stays as it is.
 */
export function ownName(name: string): string {
  process.env[ownerVariable] = JSON.stringify(ownIdentity())
  return name.endsWith(`-${ownEnding}`) ? name : `${name.slice(0, 15)}-${ownEnding}`
}

export function ownerOfLabs(env = process.env): ProcessIdentity | undefined {
  const text = env[ownerVariable]
  return text === undefined ? undefined : (JSON.parse(text) as ProcessIdentity)
}

/** Takes down labs whose owner was killed. Those without an owner belong to a person, and stay. */
export async function sweepLabs(): Promise<string[]> {
  const swept: string[] = []
  for (const name of labNames()) {
    const state = readState(name)
    if (!state?.owner || isAlive(state.owner) || isAlive(state.raisedBy) || !inherit(state)) continue
    await lowerLab(name)
    swept.push(name)
  }
  return swept
}

/**
 * Makes this process the owner. False: another was faster. Each owner has one heir at most, or two programs would take down one
 * lab, and the slower one a new lab in the same place.
 */
function inherit(state: LabState): boolean {
  const { pid, startedAt } = state.owner ?? state.raisedBy
  try {
    writeFileSync(join(directoryOf(state.name), `heir-of-${pid}-${startedAt}`), '', { flag: 'wx' })
    writeState({ ...state, owner: ownIdentity(), raisedBy: ownIdentity(), ready: false })
    return true
  } catch (error) {
    if (['EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return false
    throw error
  }
}
