import type { Endpoint, Records } from '../../../model/discovery.ts'

/** One site of a web server: its names, where it sends requests, and the folders it answers from itself. */
export type WebSite = { server: string; names: string[]; to: Endpoint[]; roots: string[] }

/** The sites in the directives that the script printed: `nginx` or `apache`, file, directive. */
export function sitesIn(records: Records): WebSite[] {
  const of = (server: string) =>
    records.flatMap(([name, , directive]) => (name === server ? [directive ?? ''] : []))
  return [...nginxSites(of('nginx')), ...apacheSites(of('apache'))]
}

type Written = { names: string[]; to: string[]; roots: string[] }

/** Blocks open with ` {` and close with `}`: a site is what stands in one `server`, however deep. */
function nginxSites(directives: string[]): WebSite[] {
  const open: string[] = []
  const upstreams = new Map<string, string[]>()
  const sites: Written[] = []
  for (const directive of directives) {
    const words = directive.split(' ')
    if (directive.endsWith('{')) {
      open.push(directive.slice(0, -2))
      if (words[0] === 'server') sites.push({ names: [], to: [], roots: [] })
      continue
    }
    const [name = '', ...rest] = words.slice(0, -1)
    const upstream = open.find(block => block.startsWith('upstream '))?.slice('upstream '.length)
    if (upstream !== undefined && name === 'server' && rest[0] !== undefined)
      upstreams.set(upstream, [...(upstreams.get(upstream) ?? []), rest[0]])
    const site = open.includes('server') ? sites.at(-1) : undefined
    if (site !== undefined) take(site, name, rest)
    if (directive.endsWith('}')) open.pop()
  }
  return sites.map(({ names, to, roots }) => ({
    server: 'nginx',
    names,
    to: to.flatMap(one => upstreams.get(one) ?? [one]).flatMap(endpointOf),
    roots,
  }))
}

function take(site: Written, name: string, rest: string[]): void {
  if (name === 'server_name') site.names.push(...rest.filter(isName))
  if (name === 'root') site.roots.push(...rest)
  if (['proxy_pass', 'fastcgi_pass', 'uwsgi_pass'].includes(name) && rest[0] !== undefined)
    site.to.push(withoutScheme(rest[0]))
}

function apacheSites(directives: string[]): WebSite[] {
  const sites: WebSite[] = []
  for (const directive of directives) {
    const [name = '', ...rest] = directive.split(' ')
    const site = sites.at(-1)
    if (/^<virtualhost/i.test(name)) sites.push({ server: 'apache', names: [], to: [], roots: [] })
    else if (site === undefined) continue
    else if (/^server(name|alias)$/i.test(name))
      site.names.push(...rest.map(word => word.replace(/:\d+$/, '')).filter(isName))
    else if (/^documentroot$/i.test(name)) site.roots.push(...rest.map(word => word.replaceAll('"', '')))
    else if (/^(proxypass|balancermember)$/i.test(name))
      site.to.push(
        ...rest.filter(word => word.includes('://')).flatMap(word => endpointOf(withoutScheme(word))),
      )
  }
  return sites
}

/** `_` is nginx's name for any; a variable or a pattern is none that a person types. */
const isName = (word: string): boolean => /^[A-Za-z0-9][A-Za-z0-9.-]*\.[A-Za-z0-9-]+$/.test(word)
const withoutScheme = (url: string): string =>
  url.replace(/^https:\/\/([^/:]+)(?=\/|$)/, '$1:443').replace(/^\w+:\/\//, '')

/** `127.0.0.1:8080/path`, `[::1]:8080`, `localhost`; nothing of a socket, a variable or a name that only DNS knows. */
function endpointOf(text: string): Endpoint[] {
  const [, bracketed, plain, port = '80'] =
    /^(?:\[([0-9A-Fa-f:]+)\]|([\w.-]+))(?::(\d+))?(?:\/|$)/.exec(text) ?? []
  const address = bracketed ?? (plain === 'localhost' ? '127.0.0.1' : plain)
  if (address === undefined || !/^[\d.]+$|:/.test(address)) return []
  return [{ address, port: Number(port) }]
}
