import {
  chmodSync,
  chownSync,
  constants,
  copyFileSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { exitCodes, Failure } from '../model/failure.ts'
import { unreadable, unwritable } from './file-failures.ts'

/**
 * Writes `text` in place of `before`, which stays beside it as a copy; gives the copy's name. The file is replaced at once and keeps its
 * mode; a link stays a link. Throws Failure, with nothing changed, when the file no longer holds `before`.
 */
export function replacePlan(name: string, before: string, text: string): string {
  const file = realpathSync(name)
  const content = contentOf(file)
  const mark = content.startsWith(byteOrderMark) ? byteOrderMark : ''
  if (content !== mark + before)
    throw new Failure(
      { key: 'cli.repair.changed', values: { file: name } },
      { remedy: { key: 'cli.repair.changed.remedy' }, exitCode: exitCodes.failure },
    )
  const part = `${file}.${process.pid}.part`
  let isMade = false
  try {
    const copy = keepCopy(file)
    const { mode, uid, gid } = statSync(file)
    // one that is there already is not ours
    writeFileSync(part, mark + text, { flag: 'wx' })
    isMade = true
    // before the mode: a change of the owner takes bits of it away
    if (process.getuid?.() === 0) chownSync(part, uid, gid)
    // whatever the umask
    chmodSync(part, mode & 0o7777)
    renameSync(part, file)
    return copy
  } catch (cause) {
    if (isMade) rmSync(part, { force: true })
    throw unwritable(name, cause)
  }
}

/** The plan is read without it. */
const byteOrderMark = '\ufeff'

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw unreadable(file, cause)
  }
}

/** An older copy is never written over. */
function keepCopy(file: string): string {
  for (let number = 1; ; number += 1) {
    const copy = number === 1 ? `${file}.before-repair` : `${file}.before-repair-${number}`
    try {
      copyFileSync(file, copy, constants.COPYFILE_EXCL)
      return copy
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
    }
  }
}
