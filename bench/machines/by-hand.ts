import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { type ApiSpec, machineSpec } from '../../src/kinds/proxmox-vm/spec.ts'
import type { MachineSites } from '../../test/helpers/machine-sites.ts'

type Curl = (
  method: string,
  path: string,
  fields?: Record<string, string | readonly string[]>,
) => Promise<unknown>

/**
 * What an administrator types on such a night: shut down, vzdump, scp, restore, another bridge and address, start; each thing as soon
 * as the one before has ended, which no person at a keyboard would be.
 */
export async function moveByHand(sites: MachineSites): Promise<void> {
  const { vmid, source, target, network } = machineSpec.parse(sites.component.spec)
  if (network === undefined || 'keep' in network) throw new Error('the plan gives the machine no addresses')
  const here = await curlOf(source.api)
  const there = await curlOf(target.api)
  const task = async (curl: Curl, node: string, started: Promise<unknown>): Promise<void> => {
    const upid = encodeURIComponent(String(await started))
    for (;;) {
      const end = (await curl('GET', `/nodes/${node}/tasks/${upid}/status`)) as Record<string, string>
      if (end.status === 'stopped' && end.exitstatus === 'OK') return
      if (end.status === 'stopped') throw new Error(`${end.type}: ${end.exitstatus}`)
      await sleep(200)
    }
  }
  const machine = (node: string, path = '') => `/nodes/${node}/qemu/${vmid}${path}`
  const [from, to] = [source.node, target.node]
  await task(here, from, here('POST', machine(from, '/status/shutdown'), { timeout: '60' }))
  const dump = { vmid: String(vmid), storage: 'local', mode: 'stop', compress: 'zstd' }
  await task(here, from, here('POST', `/nodes/${from}/vzdump`, dump))
  const dumps = '/var/lib/vz/dump'
  const archive = (
    await sites.at('montpellier-hypervisor', `cd ${dumps} && ls -t *.vma.zst | head -1`)
  ).trim()
  const address = sites.plan.sites.target.hosts[target.host]?.address
  await sites.at('montpellier-hypervisor', `scp -q ${dumps}/${archive} root@${address}:${dumps}/`)
  const restore = { vmid: String(vmid), archive: `local:backup/${archive}`, storage: target.storage }
  await task(there, to, there('POST', `/nodes/${to}/qemu`, restore))
  await task(there, to, there('POST', machine(to, '/status/start')))
  const [old, next] = [network.source.gateway, network.target.gateway].map(one => one.replace(/\d+$/, ''))
  const edit = `sed -i 's/${old?.replaceAll('.', '\\.')}/${next}/g' ${network.files.join(' ')} && ${network.apply?.join(' ')}`
  for (;;) {
    const pinged = await there('POST', machine(to, '/agent/ping')).catch(() => undefined)
    if (pinged !== undefined) break
    await sleep(200)
  }
  await there('POST', machine(to, '/agent/exec'), { command: ['sh', '-c', edit] })
}

/** The archive and the machine that it was restored to are removed, the old one starts again. */
export async function undoByHand(sites: MachineSites): Promise<void> {
  const { vmid } = machineSpec.parse(sites.component.spec)
  for (const host of ['montpellier-hypervisor', 'toulouse-hypervisor'])
    await sites.at(host, 'rm -f /var/lib/vz/dump/vzdump-*')
  await sites.at('toulouse-hypervisor', `qm stop ${vmid}; qm destroy ${vmid}`)
  await sites.at('montpellier-hypervisor', `qm start ${vmid}`)
}

async function curlOf({ url, token, secret }: ApiSpec): Promise<Curl> {
  const key = (await readFile(secret.replace(/^file:/, ''), 'utf8')).trim()
  return async (method, path, fields = {}) => {
    const data = Object.entries(fields).flatMap(([name, values]) =>
      [values].flat().flatMap(value => ['--data-urlencode', `${name}=${value}`]),
    )
    const argv = ['-skf', '-X', method, '-H', '@-', ...data, `${url}/api2/json${path}`]
    const { stdout } = await execa('curl', argv, { input: `Authorization: PVEAPIToken=${token}=${key}\n` })
    return (JSON.parse(stdout) as { data: unknown }).data
  }
}
