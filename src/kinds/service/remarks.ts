import type { Remark } from '../../model/kind.ts'
import type { SiteSide } from '../../model/plan.ts'
import { isHttpSpec, type ServiceSpec } from './modelled.ts'

const sides: readonly SiteSide[] = ['source', 'target']

/** A maintenance page on the very host that is replaced: it goes when the host goes. */
export const remarks = ({ spec }: { spec: ServiceSpec }): Remark[] => {
  if (!isHttpSpec(spec)) return []
  const { host } = spec.maintenance
  return sides.some(side => spec[side].host === host)
    ? [
        {
          level: 'warn',
          path: ['maintenance', 'host'],
          text: { key: 'service.remark.ownPage', values: { host } },
          remedy: { key: 'service.remark.ownPage.remedy' },
        },
      ]
    : []
}
