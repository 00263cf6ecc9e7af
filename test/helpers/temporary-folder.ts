import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

const prefix = 'bascule-test-'
const made: string[] = []

/**
 * A folder of the file's tests, with all they put there: removed when the last of them has ended, passed or failed. What
 * a killed process could not remove goes when the next file of tests begins.
 */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-${name}-`))
  made.push(folder)
  return folder
}

afterAll(() => made.splice(0).forEach(remove))
for (const name of readdirSync(tmpdir())) {
  const pid = /^bascule-test-(\d+)-/.exec(name)?.[1]
  if (pid !== undefined && !isAlive(Number(pid))) remove(join(tmpdir(), name))
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
