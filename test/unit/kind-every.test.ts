import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadKinds } from '../../src/kinds/registry.ts'

test('every kind is judged by the contract of kinds', async () => {
  const kinds = Object.keys(await loadKinds())
  const isJudged = (kind: string) => {
    const file = join(import.meta.dirname, `kind-${kind}.test.ts`)
    return existsSync(file) && /\bjudgeKind\(/.test(readFileSync(file, 'utf8'))
  }
  expect(kinds.length).toBeGreaterThan(0)
  expect(kinds.filter(kind => !isJudged(kind))).toEqual([])
})
