import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { execIn } from './enter.ts'
import { seedDatabase } from './estate/seed/database.ts'
import { seedFiles } from './estate/seed/files.ts'
import { estateServices, servicePort } from './hosts/estate.ts'
import { answers, untilReady } from './hosts/start.ts'
import { treeOf } from './paths.ts'
import { secret } from './secrets.ts'
import { settleAllThenThrow } from './settle-all.ts'
import type { Lab, LabSize } from './types.ts'

/** Fills Montpellier: the estate's rows through its own database role, its files straight onto the host's disk. */
export async function seedMontpellier(lab: Lab, size: LabSize): Promise<void> {
  const work: Promise<unknown>[] = []
  const database = lab.hosts['montpellier-database']
  if (database) {
    const password = secret(lab.name, 'database-estate')
    const ssl = { rejectUnauthorized: false }
    const where = { host: database.address, port: 5432, database: 'techcorp', user: 'estate' }
    work.push(seedDatabase({ ...where, password, ssl }, size))
  }
  if (lab.hosts['montpellier-files'])
    work.push(seedFiles(join(treeOf(lab.name, 'montpellier-files'), 'srv/files'), size))
  await settleAllThenThrow(work)
}

/** Puts Montpellier's programs in service, now that their data is there. Toulouse's stay down. */
export async function startEstate(lab: Lab): Promise<void> {
  const hosts = estateServices
    .map(service => ({ service, name: `montpellier-${service}` }))
    .filter(({ name }) => lab.hosts[name])
  await settleAllThenThrow(
    hosts.map(async ({ service, name }) => {
      rmSync(join(treeOf(lab.name, name), 'etc/service', service, 'down'))
      await execIn(lab, name, ['sv', 'up', service])
      await untilReady(`${service} at ${name}`, 120, () =>
        answers(lab.hosts[name]?.address ?? '', servicePort),
      )
    }),
  )
}
