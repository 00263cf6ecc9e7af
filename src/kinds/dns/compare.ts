import { sameData } from './data.ts'
import type { PlannedRecord } from './records.ts'
import type { View } from './servers.ts'
import { isElsewhere, type Zone } from './zone.ts'

/** Servers that are silent, have no authority, hold another zone than the primary, or do not say what it says. */
export function disagreeing({ primary, servers }: Zone, records: PlannedRecord[]): View[] {
  const reference =
    primary.silence === undefined ? primary : servers.find(({ silence }) => silence === undefined)
  const agrees = (view: View, { key, type }: PlannedRecord) => {
    const said = view.said[key]
    return said?.authoritative === true && sameData(type, said.data, reference?.said[key]?.data ?? [])
  }
  return servers.filter(
    view =>
      view.silence !== undefined ||
      isElsewhere(view, primary) ||
      !records.every(record => agrees(view, record)),
  )
}

/** Servers whose zone is not the one that the primary has, those included that are silent or have none. */
export const behind = ({ primary, servers }: Zone): View[] =>
  servers.filter(view => view.silence !== undefined || isElsewhere(view, primary))

export const highestTtl = (views: View[], key?: string): number =>
  Math.max(
    0,
    ...views.flatMap(({ said }) =>
      Object.entries(said).map(([record, { ttlSeconds }]) =>
        key === undefined || key === record ? ttlSeconds : 0,
      ),
    ),
  )

/** Of the records that are there. */
export const ttlByRecord = (views: View[], records: PlannedRecord[]): Record<string, number> =>
  Object.fromEntries(
    records
      .filter(({ key }) => views.some(({ said }) => (said[key]?.data.length ?? 0) > 0))
      .map(({ key }) => [key, highestTtl(views, key)]),
  )
