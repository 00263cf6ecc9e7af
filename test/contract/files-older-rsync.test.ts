import { existsSync } from 'node:fs'
import { describe } from 'vitest'
import { olderRsync } from '../../lab/paths.ts'
import { describeNight } from '../helpers/files-night.ts'
import { describePreparation } from '../helpers/files-preparation.ts'
import { withSites } from '../helpers/files-sites.ts'

const { program, version } = olderRsync
const isThere = existsSync(program)
if (!isThere) {
  console.warn(
    `LEFT OUT: files with rsync ${version}, for there is no ${program}. To get it: sudo bash bin/setup --system`,
  )
}

describe.runIf(isThere && process.getuid?.() === 0)(`files, with rsync ${version}`, () => {
  withSites('files-older', program)
  describePreparation()
  describeNight()
})
