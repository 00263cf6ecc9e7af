import { defineConfig } from 'vitest/config'
import { SlowestFirst } from './test/runner/slowest-first.ts'

export default defineConfig({
  test: {
    // Bounds for what hangs, not promises of speed: a busy machine is slow, not wrong.
    testTimeout: 800_000,
    hookTimeout: 1_150_000,
    expect: { poll: { timeout: 200_000 } },
    sequence: { sequencer: SlowestFirst },
  },
})
