import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { expect } from 'vitest'
import { execIn } from '../../lab/enter.ts'
import type { Lab } from '../../lab/types.ts'

/** What one TCP stream from a host of the lab to Toulouse's gateway carries in two seconds, in Mbit/s. */
export async function measureMbps(
  lab: Lab,
  from: string,
  address: string,
  ...more: string[]
): Promise<number> {
  const server = execa('ssh', ['-F', lab.sshConfigFile, 'toulouse-gateway', 'iperf3', '-s', '-1'], {
    timeout: 200_000,
  })
  const client = ['iperf3', '-c', address, '-t', '2', '-J', ...more]
  for (let attempt = 0; attempt < 1000; attempt++) {
    const { stdout } = await execIn(lab, from, client, { allowFailure: true })
    // With -J a refused connection is exit 0 and a field `error`: the server is not listening yet.
    const { error, end } = JSON.parse(stdout)
    if (error === undefined) {
      await server
      return end.sum_received.bits_per_second / 1e6
    }
    await sleep(200)
  }
  return expect.fail('iperf3 never answered')
}
