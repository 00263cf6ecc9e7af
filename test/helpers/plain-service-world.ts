import { serviceSpec } from '../../src/kinds/service/spec.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { Component } from '../../src/model/plan.ts'
import { component } from './service-world.ts'

/** A worker without HTTP, and the timer that starts it. */
export const plainSpecWith = (changes: JsonObject = {}): JsonObject => ({
  source: { host: 'auth' },
  target: { host: 'auth' },
  manager: { systemd: 'worker.service' },
  alsoStop: ['worker.timer'],
  health: { command: ['worker-is-well'] },
  ...changes,
})

export function plainComponent(changes: JsonObject = {}): Component {
  const spec = serviceSpec.parse(plainSpecWith(changes)) as unknown as JsonObject
  return { ...component(), id: 'worker', title: 'worker', spec }
}
