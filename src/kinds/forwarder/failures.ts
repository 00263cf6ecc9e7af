import { Failure } from '../../model/failure.ts'
import type { Forwarder } from './gateway.ts'
import { tableOf } from './ruleset.ts'

export function newAddressClosed({ host }: Forwarder, step: string, closed: string[]): Failure {
  const values = { host: host.ssh, services: closed.join(', '), step }
  return new Failure(
    { key: 'forwarder.to.closed', values },
    { remedy: { key: 'forwarder.to.closed.remedy', values } },
  )
}

export function oldAddressDead({ host, component }: Forwarder, dead: string[]): Failure {
  const values = { host: host.ssh, services: dead.join(', '), table: tableOf(component) }
  return new Failure({ key: 'forwarder.dead', values }, { remedy: { key: 'forwarder.dead.remedy', values } })
}

export function tableTaken({ host, component }: Forwarder): Failure {
  const values = { host: host.ssh, table: tableOf(component) }
  return new Failure(
    { key: 'forwarder.table.taken', values },
    { remedy: { key: 'forwarder.table.taken.remedy', values } },
  )
}

export function fileTaken({ host, spec }: Forwarder): Failure {
  const values = { host: host.ssh, file: spec.persist?.file ?? '' }
  return new Failure(
    { key: 'forwarder.file.taken', values },
    { remedy: { key: 'forwarder.file.taken.remedy', values } },
  )
}
