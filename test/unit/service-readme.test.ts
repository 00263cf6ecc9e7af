import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { serviceSpec } from '../../src/kinds/service/spec.ts'
import { specWith } from '../helpers/service-world.ts'

const page = readFileSync(new URL('../../src/kinds/service/README.md', import.meta.url), 'utf8')
const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block = '']) => block)

it('shows fields that a plan may hold', () => {
  expect(blocks.length).toBeGreaterThan(1)
  for (const block of blocks) {
    const { success, error } = serviceSpec.safeParse(specWith(parse(block)))
    expect([success, error?.issues ?? []]).toEqual([true, []])
  }
})
