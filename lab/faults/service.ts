import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EstateService } from '../hosts/estate.ts'
import { treeOf } from '../paths.ts'
import type { Lab } from '../types.ts'

const mistake = 'PGPORT=unknown\n'
const environmentFile = (lab: Lab, service: EstateService) =>
  join(treeOf(lab.name, `toulouse-${service}`), 'etc/estate', `${service}.env`)

/** A mistake in the service's settings at Toulouse: it ends as soon as it is started (R2). */
export function serviceWontStart(lab: Lab, service: EstateService = 'auth'): void {
  serviceStarts(lab, service)
  writeFileSync(environmentFile(lab, service), mistake, { flag: 'a' })
}

/** The inverse. */
export function serviceStarts(lab: Lab, service: EstateService = 'auth'): void {
  const file = environmentFile(lab, service)
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(mistake, ''))
}
