import { relative } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { root } from './failed.ts'
import { suites } from './suites.ts'

const secondsOf = ({ moduleId }: TestSpecification): number =>
  suites.find(({ file }) => file === relative(root, moduleId))?.seconds ?? 0

/** The order of files where nothing is known of earlier runs, as in a fresh clone. */
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.toSorted((left, right) => secondsOf(right) - secondsOf(left))
  }
}
