import type { Endpoint, HostFacts, Records } from '../model/discovery.ts'

/** `line` is 0 for a file of `cron.daily` and its like. The command line stays at the host: `program` is its first word. */
export type Job = { file: string; line: number; when: string; user: string; program: string }

/** Lines of fields between tabs; whatever else a host prints is a line of one field, which nobody asks for. */
export const recordsOf = (output: string): Records =>
  output.split('\n').flatMap(line => (line === '' ? [] : [line.split('\t')]))

export function factsIn(records: Records, ssh: string): HostFacts {
  const of = (name: string) => records.flatMap(([first, ...rest]) => (first === name ? [rest] : []))
  return {
    name: of('name')[0]?.[0] ?? ssh,
    system: of('system')[0]?.[0] ?? '',
    addresses: of('address').map(([device = '', cidr = '']) => ({
      interface: device,
      address: cidr.replace(/\/\d+$/, ''),
    })),
    routes: of('route').map(([route = '']) => route),
    forwards: of('forwards')[0]?.[0] === '1',
    listeners: of('listen').flatMap(([protocol, at = '', program = '', unit = '']) => {
      const endpoint = endpointIn(at)
      if (endpoint === undefined || (protocol !== 'tcp' && protocol !== 'udp')) return []
      return [{ protocol, ...endpoint, program, unit }]
    }),
    connections: of('talks').flatMap(([here = '', there = '', unit = '']) => {
      const [local, peer] = [endpointIn(here), endpointIn(there)]
      return local === undefined || peer === undefined ? [] : [{ local, peer, unit }]
    }),
    mounts: of('mount').map(([source = '', target = '', type = '']) => ({
      source: withoutOctal(source),
      target: withoutOctal(target),
      type,
    })),
  }
}

export const jobsIn = (records: Records): Job[] =>
  records.flatMap(([name, file = '', line = '', when = '', user = '', program = '']) =>
    name === 'cron' ? [{ file, line: Number(line), when, user, program }] : [],
  )

/** As `ss` prints it: `0.0.0.0:22`, `[::]:80`, `127.0.0.53%lo:53`, `*:8080`; a mapped IPv4 address is that address. */
function endpointIn(text: string): Endpoint | undefined {
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(text) ?? []
  if (port === '') return undefined
  const address = host
    .replace(/^\[|\]$/g, '')
    .replace(/%.*$/, '')
    .replace(/^::ffff:(?=\d+\.)/, '')
  return { address, port: Number(port) }
}

/** /proc/mounts writes a space as `\040`. */
const withoutOctal = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))
