import type { Loss } from '../../model/given-up.ts'
import type { ReadIo } from '../../model/io.ts'
import type { Measurement } from '../../model/kind.ts'
import type { SiteSide } from '../../model/plan.ts'
import type { RunMode, TouchedSide } from '../../model/step.ts'
import type { About, AnyAction, Judgement, Measuring, TouchedInRehearsal } from '../kit/kind-parts.ts'
import type { PostgresFacts } from './facts.ts'
import type { PostgresSpec } from './spec-dump.ts'

/** One way to move a cluster's data, for plans that name it: its own spec, steps and judgements. */
export type Method<Spec> = {
  name: PostgresSpec['method']
  audit(about: About<Spec, PostgresFacts>, io: ReadIo): Promise<PostgresFacts>
  findings(about: About<Spec, PostgresFacts>): Judgement[]
  plan(about: About<Spec, PostgresFacts>): {
    [Mode in RunMode]: readonly AnyAction<Mode extends 'rehearsal' ? TouchedInRehearsal : TouchedSide>[]
  }
  /** Every one that it may plan. */
  actions: readonly AnyAction[]
  rowsDifferent(measuring: Measuring<Spec, PostgresFacts>, io: ReadIo): Promise<Measurement>
  losesWithout(
    measuring: Measuring<Spec, PostgresFacts>,
    side: SiteSide,
    io: ReadIo,
  ): Promise<Pick<Loss, 'text' | 'figures'> | undefined>
}
/** The method of a component; it is called with components of its own alone. */
export type MethodOf = (about: { spec: PostgresSpec }) => Method<PostgresSpec>
