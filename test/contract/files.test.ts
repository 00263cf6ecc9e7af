import { describe, vi } from 'vitest'
import { describeNight } from './files-night.ts'
import { describePreparation } from './files-preparation.ts'
import { withSites } from './files-sites.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

describe.runIf(process.getuid?.() === 0)("files, with this machine's rsync", () => {
  withSites('files-contract')
  describePreparation()
  describeNight()
})
