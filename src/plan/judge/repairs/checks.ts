import type { MeasureMeaning } from '../../../model/kind.ts'
import type { GateId } from '../../../model/stage.ts'
import type { Check } from '../../../model/step.ts'
import type { MessageKey } from '../../../model/text.ts'
import { type Judged, type Proposal, titlesOf } from '../judgement.ts'
import { freeCheck } from './night.ts'

type Wanted = {
  tells: MeasureMeaning
  /** Of the proposal; its value is `components`. */
  key: MessageKey
  /** What the names of the checks end in. */
  ending: string
  gate: GateId
  onFailure: Check['onFailure']
}

/** A check that measures 0 for each of these components whose kind has a measure that tells it; none where no kind has. */
export function addChecks(
  judged: Judged,
  ids: readonly string[],
  { tells: wanted, key, ending, gate, onFailure }: Wanted,
): Proposal[] {
  const checks = ids.flatMap(id => {
    const component = judged.plan.components[id]
    if (component === undefined) return []
    const measures = Object.entries(judged.kinds[component.kind]?.measures ?? {})
    const [measure] =
      measures.find(
        ([, { tells, needsField }]) =>
          tells === wanted && (needsField === undefined || component.spec[needsField] !== undefined),
      ) ?? []
    return measure === undefined ? [] : [{ id, measure }]
  })
  if (checks.length === 0) return []
  const components = titlesOf(
    judged,
    checks.map(({ id }) => id),
  )
  return [
    {
      text: { key, values: { components } },
      edits: checks.map(({ id, measure }) => ({
        path: ['checks', freeCheck(judged, `${id}-${ending}`)],
        put: { component: id, measure, equals: 0, gate, onFailure },
      })),
    },
  ]
}
