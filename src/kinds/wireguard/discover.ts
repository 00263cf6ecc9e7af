import {
  asked,
  type ComponentDraft,
  type Discovery,
  fields,
  known,
  type Placed,
} from '../../model/discovery.ts'
import { recordsNamed, secretOf, targetHost } from '../kit/discover.ts'
import { script } from '../kit/script.ts'

type TunnelFacts = { configFile: string; port: number; clients: number }

const discoverScript = script(import.meta.dirname, 'scripts/discover.sh')

/** Interfaces with a configuration of wg-quick that listen for clients. */
export const discover: Discovery = {
  part: 'network',
  argv: discoverScript.argv(),
  read: records =>
    recordsNamed(records, 'config').flatMap(([name = '', configFile = '']) => {
      const of = (record: string) => recordsNamed(records, record).filter(([at]) => at === name)
      const port = Number(of('port')[0]?.[1] ?? of('running')[0]?.[1] ?? 0)
      if (port === 0) return []
      const facts: TunnelFacts = { configFile, port, clients: of('client').length }
      const units = [`systemd:wg-quick@${name}.service`]
      return [{ key: name, name: `vpn-${name}`, ports: [], units, paths: [], facts }]
    }),
  draft,
}

function draft(placed: Placed): ComponentDraft {
  const { id, found, source, target, moves } = placed
  const { configFile, port, clients } = found.facts as TunnelFacts
  const endpoints = 'host' in target ? [target.host.address] : []
  const question = (
    key: 'wireguard.discover.outside' | 'wireguard.discover.testAddress' | 'wireguard.discover.url',
  ) => asked({ key })
  return {
    criticality: 'medium',
    about: [{ key: 'wireguard.discover.clients', values: { count: clients } }],
    fields: {
      interface: known(found.key),
      configFile: known(configFile),
      manager: fields({ systemd: known(`wg-quick@${found.key}.service`) }),
      port: known(port),
      source: fields({
        host: known(source.key),
        endpoint: asked({ key: 'wireguard.discover.endpoint' }, [...moves.keys()]),
      }),
      target: fields({
        host: targetHost(placed),
        endpoint: asked({ key: 'wireguard.discover.endpoint' }, [
          ...new Set([...moves.values()].flat().concat(endpoints)),
        ]),
      }),
      identity: known('same'),
      privateKey: secretOf(id, 'private_key'),
      within: { list: [asked({ key: 'wireguard.discover.within' })] },
      test: fields({
        outside: question('wireguard.discover.outside'),
        address: question('wireguard.discover.testAddress'),
        privateKey: secretOf(id, 'test_key'),
        source: fields({ url: question('wireguard.discover.url') }),
        target: fields({ url: question('wireguard.discover.url') }),
      }),
    },
    checks: [{ measure: 'tunnelFailures', threshold: { equals: 0 }, gate: 'go', onFailure: 'block' }],
    remarks: [],
  }
}
