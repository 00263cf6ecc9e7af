import { afterAll, beforeAll, expect, test } from 'vitest'
import { said } from '../helpers/said.ts'
import { configFile, gateways, raiseVpn, stateOf, type VpnSites } from '../helpers/wireguard-sites.ts'

let sites: VpnSites
const testAsRoot = test.runIf(process.getuid?.() === 0)
const [source, target] = gateways as [string, string]

beforeAll(async () => {
  if (process.getuid?.() !== 0) return
  sites = await raiseVpn('wireguard-night')
  await sites.audit()
  await sites.closeToulouse()
})
afterAll(async () => {
  await sites?.close()
})

const both = () => Promise.all(gateways.map(host => stateOf(sites, host)))
const prepared = ['prepare-target', 'profiles', 'test-client']
const prepare = async () => {
  for (const name of prepared) await sites.apply('preparation', name)
}
/** As a trainer sees it, once his tunnel has found its way: within twenty tries of two seconds. */
const dashboardOf = (site: number, trainer = 'trainer-restarter') =>
  sites.at(
    `internet-${trainer}`,
    `for try in $(seq 20); do
       code=$(curl -s -m 2 -o /dev/null -w '%{http_code}' -H 'Host: dashboard.techcorp.test' http://${sites.lab.prefix}.${site}.1/health) || continue
       printf %s "$code"; break
     done`,
  )
/** What the name leads to, for the trainers and the tester: in this lab /etc/hosts says it. */
const nameLeadsTo = async (byte: number) => {
  for (const host of ['internet-trainer-name', 'internet-trainer-restarter', 'internet-tester'])
    await sites.at(
      host,
      `grep -v vpn.techcorp.test /etc/hosts >/tmp/hosts; echo '${sites.lab.prefix}.4.${byte} vpn.techcorp.test' >>/tmp/hosts; cat /tmp/hosts >/etc/hosts`,
    )
}

testAsRoot(
  'a peer who came since the preparation is let in, one who was let go is not; undone to the byte',
  async () => {
    await prepare()
    const before = await both()
    const file = await sites.at(source, `cat ${configFile}`)
    const changed = file.replace(
      /# trainer-address\n\[Peer\]\nPublicKey = \S+\n/,
      '# anne, depuis lundi\n[Peer]\nPublicKey = AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n',
    )
    await sites.at(source, `cat >${configFile}`, changed)
    const result = await sites.apply('live', 'sync-peers')
    expect(result.added).toEqual([expect.stringMatching(/^anne, depuis lundi \(\w{8}\)$/)])
    expect(result.removed).toEqual([expect.stringMatching(/^trainer-address /)])
    expect(await sites.at(target, `cat ${configFile}`)).toBe(changed)
    expect(await sites.apply('live', 'sync-peers')).toEqual({ added: [], removed: [] })
    await sites.undo('live', 'sync-peers')
    await sites.at(source, `cat >${configFile}`, file)
    expect(await both()).toEqual(before)
  },
)

testAsRoot('switched, trainers come to the target; undone, they come back to the source', async () => {
  await sites.at('toulouse-gateway', 'rm /etc/estate/maintenance/dashboard')
  const before = await both()
  expect(await dashboardOf(1)).toBe('200')
  await nameLeadsTo(11)
  await expect(sites.apply('live', 'prove')).rejects.toMatchObject({
    text: { key: 'wireguard.prove.leadsElsewhere', values: { leadsTo: `${sites.lab.prefix}.4.11:51820` } },
  })
  await sites.apply('live', 'sync-peers')
  await sites.apply('live', 'switch')
  await nameLeadsTo(12)
  expect(await dashboardOf(2)).toBe('200')
  const proven = await sites.apply('live', 'prove')
  expect(proven).toMatchObject({ dialled: 'vpn.techcorp.test', leadsTo: `${sites.lab.prefix}.4.12:51820` })
  const left = await sites.measure('clientsStillAtSource')
  expect(left).toMatchObject({ value: 0, figures: { atSource: [] } })
  expect(left.figures.neverSeenAtTarget).toEqual([
    expect.stringMatching(/^trainer-address /),
    expect.stringMatching(/^trainer-name /),
  ])

  const internet = `${sites.lab.prefix}.4`
  await sites.at(
    source,
    `nft 'table ip pass {
       chain in { type nat hook prerouting priority dstnat; ip daddr ${internet}.11 udp dport 51820 dnat to ${internet}.12; }
       chain out { type nat hook postrouting priority srcnat; ip daddr ${internet}.12 udp dport 51820 masquerade; }
     }'
     conntrack -D -p udp --dport 51820 >/dev/null 2>&1 || true`,
  )
  expect(await dashboardOf(2, 'trainer-address')).toBe('200')
  const passedOn = await sites.measure('clientsStillAtSource')
  expect(passedOn.figures.passedOn).toContainEqual(expect.stringMatching(/^trainer-address /))
  expect(passedOn.figures.passedOn).not.toContainEqual(expect.stringMatching(/^trainer-restarter /))
  await sites.at(
    source,
    'nft delete table ip pass; conntrack -D -p udp --dport 51820 >/dev/null 2>&1 || true',
  )

  await nameLeadsTo(11)
  await sites.undo('live', 'switch')
  await sites.undo('live', 'sync-peers')
  expect(await dashboardOf(1)).toBe('200')
  expect(await both()).toEqual(before)
  const back = await sites.measure('clientsStillAtSource')
  expect(said(back)).toContain('trainer-restarter')
})

testAsRoot('in a rehearsal the target is tried, and nothing is changed at the source', async () => {
  const before = await stateOf(sites, source)
  expect(await sites.apply('rehearsal', 'try')).toMatchObject({ dialled: `${sites.lab.prefix}.4.12` })
  expect(await stateOf(sites, source)).toBe(before)
})

testAsRoot('closed, nothing of ours stays at the gateways', async () => {
  await sites.undo('preparation', 'profiles')
  for (const step of ['retire', 'retire', 'retire-source', 'retire-source']) await sites.apply('close', step)
  for (const host of gateways) {
    expect(await sites.at(host, `grep -c bascule ${configFile} || true`)).toBe('0\n')
    expect(await sites.at(host, 'find /var/lib/bascule -type f')).toBe('')
  }
  await sites.at(target, `rm ${configFile}; sv stop wireguard; touch /etc/service/wireguard/down`)
})
