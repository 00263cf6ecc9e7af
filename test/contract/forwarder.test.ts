import { afterAll, beforeAll, expect, test } from 'vitest'
import { kind } from '../../src/kinds/forwarder/index.ts'
import { Failure } from '../../src/model/failure.ts'
import { counting, dying } from '../helpers/judged-io.ts'
import { said } from '../helpers/said.ts'
import { raiseTwoSites, type TwoSites } from '../helpers/two-sites.ts'

const testAsRoot = test.runIf(process.getuid?.() === 0)
const old = 'montpellier-gateway'
const filter = { table: 'inet filter', chain: 'forward' }
const file = '/etc/nftables.d/bascule-forward.nft'

let sites: TwoSites
let address: { old: string; new: string }

beforeAll(async () => {
  if (process.getuid?.() !== 0) return
  sites = await raiseTwoSites(
    kind,
    { id: 'old-addresses', spec: {} },
    { name: 'forwarder', parts: ['network'] },
  )
  // a client is whoever the plan does not ask from itself
  delete sites.plan.outside.stranger
  const { prefix } = sites.lab
  address = { old: `${prefix}.4.11`, new: `${prefix}.4.12` }
  const both = { from: address.old, to: address.new }
  sites.component.spec = {
    source: { host: 'gateway' },
    forward: [
      { service: 'web', protocol: 'tcp', port: 80, ...both },
      { service: 'vpn', protocol: 'udp', port: 51820, ...both },
    ],
    acceptIn: [filter],
    persist: { file },
    askedFrom: { outside: 'tester' },
  }
  // The firewall as it often is: nobody thought of what is passed on, nor of files of others.
  await sites.at(
    old,
    `sed -i '/ct status dnat accept/d; /^include/d' /etc/nftables.conf
    mkdir -p /etc/nftables.d
    nft -f /etc/nftables.conf
    sv -w 10 stop wireguard
    for i in $(seq 100); do ss -Huln 'sport = 51820' | grep -q . || break; sleep 0.1; done
    touch /etc/estate/maintenance/auth`,
  )
  await sites.at(old, echo('old'))
  await sites.at('toulouse-gateway', echo('new'))
})
afterAll(async () => {
  await sites?.close()
})

/** Answers every datagram by a word, as WireGuard would in its place. Listens when this returns. */
const echo = (word: string) =>
  `setsid -f python3 -c '
from socket import *
server = socket(AF_INET, SOCK_DGRAM)
server.bind(("", 51820))
while True: server.sendto(b"${word}\\n", server.recvfrom(99)[1])' >/dev/null 2>&1 </dev/null
  for i in $(seq 100); do ss -Huln 'sport = 51820' | grep -q . && break; sleep 0.1; done`

/** The plan, edited: a spec is parsed once. */
const acceptIn = (chains: { table: string; chain: string }[]) => {
  sites.component.spec = { ...sites.component.spec, acceptIn: chains }
}

const found = () =>
  kind.findings(sites.component, sites.facts[sites.component.id] ?? {}, {
    plan: sites.plan,
    mode: 'preparation',
    facts: sites.facts,
  })
const ruleset = () => sites.at(old, 'nft -s list ruleset')
/** Without who came, which no two nights have in common. */
const rules = () => sites.at(old, 'nft -s -t list ruleset')

const curl = () =>
  `curl -s -o /dev/null --max-time 20 -H 'Host: auth.techcorp.test' -w '%{http_code} %header{x-site}\\n' http://${address.old}/ || echo failed`
/** Asks the front door at the old address, ten times a second. Each line: status and site. */
const ask = (times: number) =>
  sites.at('internet-stranger', `for i in $(seq ${times}); do ${curl()}; sleep 0.1; done`)
/** The same until the file is gone, and once more. */
const asking = `/tmp/bascule-asking-${process.pid}`
const askMeanwhile = () =>
  sites.at(
    'internet-stranger',
    `touch ${asking}; while [ -e ${asking} ]; do ${curl()}; sleep 0.1; done; ${curl()}`,
  )
const lines = (output: string) => output.trim().split('\n')
const onlyFrom = (site: string) => expect.stringMatching(new RegExp(`^(\\d{3} ${site}\\n)+$`))

/** One UDP flow of a client that never ends: the same port, again and again. */
const datagram = () =>
  sites.at(
    'internet-stranger',
    `python3 -c '
from socket import *
client = socket(AF_INET, SOCK_DGRAM)
client.bind(("", 40000))
client.settimeout(20)
client.sendto(b"hello", ("${address.old}", 51820))
print(client.recv(99).decode(), end="")' 2>&1 || true`,
  )

testAsRoot(
  'the audit says which chain would drop what is passed on, and where rules do not outlive a boot',
  async () => {
    acceptIn([])
    await sites.audit()
    expect(found()).toContainEqual(
      expect.objectContaining({
        id: 'old-addresses.dropped',
        level: 'block',
        text: expect.objectContaining({
          values: expect.objectContaining({ dropTable: 'inet filter', chain: 'forward' }),
        }),
      }),
    )
    expect(found()).toContainEqual(
      expect.objectContaining({ id: 'old-addresses.not-included', level: 'warn' }),
    )
    acceptIn([filter])
    await sites.at(old, `printf '\\ninclude "/etc/nftables.d/*.nft"\\n' >>/etc/nftables.conf`)
    await sites.audit()
    expect(found().map(({ id, level }) => `${level} ${id}`)).toEqual(['ok old-addresses.ready'])
  },
)

testAsRoot('a rehearsal has the kernel judge the rules, and changes nothing', async () => {
  const before = await ruleset()
  expect(await sites.apply('rehearsal', 'dry-run')).toEqual({ rules: 2 })
  expect(await ruleset()).toBe(before)
  acceptIn([{ table: 'inet filter', chain: 'forwrad' }])
  const failure = await sites.apply('rehearsal', 'dry-run').catch((thrown: unknown) => thrown)
  acceptIn([filter])
  expect(failure).toBeInstanceOf(Failure)
})

testAsRoot(
  'who comes to the old address is served by the new site, without one request that fails',
  async () => {
    const before = await ruleset()
    const begun = performance.now()
    expect(await ask(3)).toEqual(onlyFrom('montpellier'))
    expect(await datagram()).toBe('old\n')
    const meanwhile = askMeanwhile()
    const step = sites.step('live', 'forward')
    expect(await kind.actions.forward?.isDone(step, sites.io())).toBe(false)
    expect(await sites.apply('live', 'forward')).toMatchObject({ asked: true })
    expect(await ask(10)).toEqual(onlyFrom('toulouse'))
    // a flow that the old gateway knew
    expect(await datagram()).toBe('new\n')
    await sites.at('internet-stranger', `rm ${asking}`)
    const answers = lines(await meanwhile)
    expect(answers.filter(line => !/^\d{3} (montpellier|toulouse)$/.test(line))).toEqual([])
    expect(answers.at(-1)).toMatch(/toulouse$/)
    expect(await kind.actions.forward?.isDone(step, sites.io())).toBe(true)

    const late = await sites.measure('lateClients')
    const stranger = sites.lab.hosts['internet-stranger']?.address
    // the tester’s own question is not a client
    expect(late.value).toBe(1)
    expect(said(late)).toContain(`${stranger} web`)
    expect(late.figures).toMatchObject({
      services: { web: { clients: 1 }, vpn: { clients: 1 } },
    })
    // the lab's trainers, whom the plan asks from, knock there too
    expect((late.figures.services as { vpn: { connections: number } }).vpn.connections).toBeGreaterThan(0)
    await sites.audit()
    expect(found()).toContainEqual(
      expect.objectContaining({
        id: 'old-addresses.late',
        text: expect.objectContaining({ values: expect.objectContaining({ count: 1 }) }),
      }),
    )
    const since = await sites.measure('secondsSinceLastClient')
    expect(since.value).toBeLessThan((performance.now() - begun) / 1000 + 1)
    expect(await sites.measure('deadAddresses')).toMatchObject({ value: 0, figures: { dead: [] } })

    await sites.undo('live', 'forward')
    expect(await ruleset()).toBe(before)
    expect(await ask(3)).toEqual(onlyFrom('montpellier'))
    expect(await datagram()).toBe('old\n')
  },
)

testAsRoot('it outlives a restart of the gateway; undone, nothing comes back', async () => {
  const before = await ruleset()
  await sites.apply('live', 'forward')
  const loaded = await rules()
  await sites.at(old, 'nft -f /etc/nftables.conf')
  expect(await rules()).toBe(loaded)
  expect(await ask(3)).toEqual(onlyFrom('toulouse'))
  await sites.undo('live', 'forward')
  await sites.at(old, 'nft -f /etc/nftables.conf')
  expect(await ruleset()).toBe(before)
  await sites.apply('live', 'forward')
  expect(await rules()).toBe(loaded)
  await sites.undo('live', 'forward')
  expect(await ruleset()).toBe(before)
})

testAsRoot(
  'killed at a change, the next attempt ends where an untroubled one does; and so does the undo',
  async () => {
    const killedAfter = (change: number) => dying(sites.io(), { change, when: 'after' })
    const before = await ruleset()
    const whole = counting(sites.io())
    await sites.apply('live', 'forward', whole.io)
    const loaded = await rules()
    const wholeUndo = counting(sites.io())
    await sites.undo('live', 'forward', wholeUndo.io)
    expect(whole.changes()).toBeGreaterThan(2)
    // At every call: test/unit/kind-forwarder.test.ts. Here, on a real kernel, at the first, one between and the last.
    for (const at of new Set([1, Math.ceil(whole.changes() / 2), whole.changes()])) {
      await expect(sites.apply('live', 'forward', killedAfter(at))).rejects.toThrow('killed')
      await sites.apply('live', 'forward')
      expect(await rules()).toBe(loaded)
      const step = sites.step('live', 'forward')
      expect(await kind.actions.forward?.isDone(step, sites.io())).toBe(true)
      // it has fewer changes
      const inUndo = Math.min(at, wholeUndo.changes())
      await expect(sites.undo('live', 'forward', killedAfter(inUndo))).rejects.toThrow('killed')
      await sites.undo('live', 'forward')
      expect(await ruleset()).toBe(before)
    }
  },
)

testAsRoot(
  'a new address that is closed, and rules that do not work, are told, not left to late clients',
  async () => {
    const before = await ruleset()
    const close = `nft 'add table inet closed; add chain inet closed input { type filter hook input priority 0; };
    add rule inet closed input tcp dport 80 drop'`
    await sites.at('toulouse-gateway', close)
    const closed = await sites.apply('live', 'forward').catch((thrown: unknown) => thrown)
    expect(closed).toMatchObject({ text: { key: 'forwarder.to.closed' } })
    expect(await ruleset()).toBe(before)
    await sites.at('toulouse-gateway', 'nft delete table inet closed')

    // nobody placed the accept rules: what is passed on ends in the administrator's chain
    acceptIn([])
    const dead = await sites.apply('live', 'forward').catch((thrown: unknown) => thrown)
    expect(dead).toMatchObject({ text: { key: 'forwarder.dead' } })
    await sites.undo('live', 'forward')
    acceptIn([filter])
    expect(await ruleset()).toBe(before)
  },
)

testAsRoot('the administrator’s own rule for what is passed on is enough', async () => {
  await sites.at(old, 'nft insert rule inet filter forward ct status dnat accept')
  acceptIn([])
  await sites.audit()
  expect(found().filter(({ level }) => level === 'block')).toEqual([])
  expect(await sites.apply('live', 'forward')).toMatchObject({ asked: true })
  await sites.undo('live', 'forward')
  acceptIn([filter])
})
