import { execIn } from '../enter.ts'
import { settleAllThenThrow } from '../settle-all.ts'
import type { Lab } from '../types.ts'

const table = ['inet', 'fault-silent']
/** Before every other rule of the host. */
const chain = (hook: string) => `chain ${hook} { type filter hook ${hook} priority -400; policy drop; }`
const silence = `table ${table.join(' ')} {
${['input', 'output', 'forward'].map(chain).join('\n')}
}`

/** These hosts take and send no packet any more, as if they had lost power: nothing refuses, nothing answers. */
export async function hostsSilent(lab: Lab, hosts: readonly string[]): Promise<void> {
  await settleAllThenThrow(hosts.map(host => execIn(lab, host, ['nft', '-f', '-'], { input: silence })))
}

/** The inverse; harmless when they answer. */
export async function hostsAnswer(lab: Lab, hosts: readonly string[]): Promise<void> {
  await settleAllThenThrow(
    hosts.map(host => execIn(lab, host, ['nft', 'delete', 'table', ...table], { allowFailure: true })),
  )
}
