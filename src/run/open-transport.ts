import type { CallObserver } from '../model/host-call.ts'
import type { Plan } from '../model/plan.ts'
import type { Redactor } from '../transport/redact.ts'
import { secretVariables } from '../transport/secrets.ts'
import { openTransport, type Transport } from '../transport/transport.ts'

/** To every host of the plan; what it reads of secrets is kept from its texts by `redactor`. */
export const openTransportTo = (plan: Plan, redactor: Redactor, onCall?: CallObserver): Promise<Transport> =>
  openTransport({
    ...{ hosts: hostsOf(plan), ssh: plan.ssh, redactor, secretVariables: secretVariables(plan) },
    ...(onCall && { onCall }),
  })

/** Every host of both sites, and those outside, by its ssh name; one machine may play several parts. */
export function hostsOf(plan: Plan) {
  const groups = [plan.sites.source.hosts, plan.sites.target.hosts, plan.outside]
  const hosts = groups.flatMap(group => Object.values(group))
  return Object.fromEntries(hosts.map(host => [host.ssh, host]))
}
