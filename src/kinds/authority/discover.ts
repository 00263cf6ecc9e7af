import type { Discovery } from '../../model/discovery.ts'

/** Nothing on a host tells of it: whatever holds data needs it. */
export const discover: Discovery = {
  part: 'switch',
  needsAll: 'data',
  isOne: true,
  read: () => [{ key: 'authority', name: 'authority', ports: [], units: [], paths: [], facts: {} }],
  draft: () => ({ criticality: 'critical', about: [], fields: {}, checks: [], remarks: [] }),
}
