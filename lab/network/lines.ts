import {
  backupAddress,
  backupOf,
  type HostPlan,
  internetOf,
  lanOf,
  officeOf,
  operationsInterface,
  publicAddress,
  siteNames,
} from '../topology.ts'

/** Toulouse's second line, a mobile one, each way. */
export const backupMbps = 20
/** Of a way that is taken when the better one has no carrier. */
const spare = 'metric 200'
/** Linux's table of the routes for what comes from the backup line's own address. */
const backupTable = 5
/** Outsiders that try what is behind the front doors: without a way there the firewall would not be what stops them. */
const triesDoors = /^(stranger|tester|trainer-.*)$/

/** From Toulouse to the mobile operator, and from him to the Internet. `tower` and `cell` are where his rate is. */
export const backupCables = (toulouse: string, internet: string): string[] => [
  `link add backup netns ${toulouse} type veth peer name modem netns ${internet}`,
  `link add tower netns ${internet} type veth peer name cell netns ${internet}`,
]
export const operatorsEnds = ['tower', 'cell'] as const

/** The operator holds back, not the gateway: what a gateway does with its own end of the line is its administrator's. */
export const mobileNetwork = (): string[] => [
  'link add mobile type bridge',
  ...['modem', 'tower'].flatMap(port => [`link set ${port} master mobile`, `link set ${port} up`]),
  'link set mobile up',
  'link set cell master internet',
  'link set cell up',
]

export const spareAddresses = (index: number, site: string): string[] =>
  site === 'toulouse'
    ? [
        `address add ${backupAddress(index)}/24 dev backup`,
        'link set backup up',
        // An answer leaves by the line that was asked: the other's operator drops foreign senders.
        `rule add from ${backupAddress(index)} lookup ${backupTable}`,
        `route add ${internetOf(index)} dev backup table ${backupTable}`,
      ]
    : []

/** What a gateway needs to know for its way round a lost main line, and that way. */
export const spareRoutes = (index: number, site: 'montpellier' | 'toulouse'): string[] => [
  site === 'montpellier' ? `${backupOf(index)} dev wan` : `${internetOf(index)} dev backup ${spare}`,
  spareFarRoute(index, site),
]

/** The other site's servers, without the link. */
export const spareFarRoute = (index: number, site: 'montpellier' | 'toulouse'): string =>
  site === 'montpellier'
    ? `${lanOf(index, 'toulouse')} via ${backupAddress(index)} dev wan ${spare}`
    : `${lanOf(index, 'montpellier')} via ${publicAddress(index, 'montpellier')} dev backup ${spare}`

/** The backup line's network, as every host of the Internet finds it. */
export const uplink = (index: number): string => `${backupOf(index)} dev eth0`

/** What lies behind a site's public address, and is no one's business outside. */
const behind = (index: number, site: 'montpellier' | 'toulouse') => [
  lanOf(index, site),
  officeOf(index, site),
]

/** The last choice: a tunnel's own route to the same network goes before it. */
export const waysIn = (
  index: number,
  { role }: Pick<HostPlan, 'role'>,
  toulouse = publicAddress(index, 'toulouse'),
) =>
  triesDoors.test(role)
    ? siteNames.flatMap(site =>
        behind(index, site).map(
          network =>
            `${network} via ${site === 'toulouse' ? toulouse : publicAddress(index, site)} metric 900`,
        ),
      )
    : []

export const operationsWays = (index: number): string[] => [
  `${backupOf(index)} dev ${operationsInterface(index)}`,
  ...siteNames.map(site => `${officeOf(index, site)} via ${publicAddress(index, site)}`),
]

/**
 * For a gateway with two lines: a route whose line has no carrier is no route; an address is answered for on its own
 * line only; and what was asked on one line may be answered on another.
 */
export const gatewaySettings = (interfaces: readonly string[]): string[] => [
  'net.ipv4.conf.all.rp_filter=0',
  'net.ipv4.conf.all.arp_ignore=1',
  'net.ipv4.conf.all.arp_announce=2',
  ...['default', ...interfaces].flatMap(name => [
    `net.ipv4.conf.${name}.rp_filter=0`,
    `net.ipv4.conf.${name}.ignore_routes_with_linkdown=1`,
  ]),
]

/** What goes from one server to its neighbour is not the gateway's business: a kernel with br_netfilter makes it so. */
export const neighbourSettings = [
  'net.bridge.bridge-nf-call-iptables=0',
  'net.bridge.bridge-nf-call-ip6tables=0',
  'net.bridge.bridge-nf-call-arptables=0',
]
export const gatewayInterfaces = (site: string): string[] => [
  'lan',
  'intersite',
  'wan',
  site === 'toulouse' ? 'backup' : 'office',
]
