import { describe } from 'vitest'
import { describeNight } from '../helpers/files-night.ts'
import { describePreparation } from '../helpers/files-preparation.ts'
import { withSites } from '../helpers/files-sites.ts'

describe.runIf(process.getuid?.() === 0)("files, with this machine's rsync", () => {
  withSites('files-contract')
  describePreparation()
  describeNight()
})
