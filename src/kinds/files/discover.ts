import { type ComponentDraft, type Discovery, fields, known, type Placed } from '../../model/discovery.ts'
import { gigabytes, recordsNamed, targetHost } from '../kit/discover.ts'
import { script } from '../kit/script.ts'

const discoverScript = script(import.meta.dirname, 'scripts/discover.sh')
/** By which each way to share answers; a folder that nobody shares has none. */
const ports: Record<string, number[]> = { nfs: [2049], smb: [139, 445], rsync: [873] }
const units: Record<string, string[]> = {
  nfs: ['systemd:nfs-server.service', 'systemd:nfs-mountd.service'],
  smb: ['systemd:smbd.service', 'systemd:nmbd.service'],
  rsync: ['systemd:rsync.service'],
}

/** Exports, shares, modules and disks. A tree below another moves with it. */
export const discover: Discovery = {
  part: 'data',
  argv: discoverScript.argv(),
  read(records) {
    const seen = recordsNamed(records, 'tree').map(([way = '', path = '', bytes = '']) => ({
      way,
      path,
      bytes: Number(bytes),
    }))
    const paths = [...new Set(seen.map(({ path }) => path))]
    const outer = paths.filter(path => !paths.some(other => path.startsWith(`${other}/`)))
    return outer.sort().map(path => {
      const own = seen.filter(one => one.path === path || one.path.startsWith(`${path}/`))
      const ways = [...new Set(own.map(({ way }) => way))].sort()
      return {
        key: path,
        name: `files-${path.slice(path.lastIndexOf('/') + 1)}`,
        ports: ways.flatMap(way => ports[way] ?? []),
        units: ways.flatMap(way => units[way] ?? []),
        paths: [path],
        facts: { ways, bytes: Math.max(...own.map(({ bytes }) => bytes)) },
      }
    })
  },
  draft,
}

function draft(placed: Placed): ComponentDraft {
  const { found, source } = placed
  const { ways, bytes } = found.facts as { ways: string[]; bytes: number }
  return {
    criticality: 'high',
    about: [{ key: 'files.discover.known', values: { ways: ways.join(', ') } }],
    fields: {
      ...(bytes > 0 && { declaredSize: known(gigabytes(bytes)) }),
      source: fields({ host: known(source.key), path: known(found.key) }),
      target: fields({ host: targetHost(placed), path: known(found.key) }),
    },
    checks: [
      { measure: 'deltaBytes', threshold: { below: '5 GB' }, gate: 'go', onFailure: 'block' },
      { measure: 'filesDifferent', threshold: { equals: 0 }, gate: 'integrity', onFailure: 'roll-back' },
    ],
    remarks: [],
  }
}
