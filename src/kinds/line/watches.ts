import type { Watch } from '../../model/kind.ts'
import { lineOf } from './at.ts'
import { lookAtMain } from './main-line.ts'

/** Two looks: a line that loses a moment's packets is not a lost line. */
const main: Watch = {
  everySeconds: 2,
  failuresUntilLost: 2,
  look: (component, { plan }, io) => lookAtMain(lineOf(component, plan), io),
}

export const watches = { main }
