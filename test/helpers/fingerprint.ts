import { execIn, type Lab } from '../../lab/lab.ts'
import { networkFingerprint } from './network-fingerprint.ts'

/** What stands at both sites, by place. Two that are equal: nothing was changed in between. */
export type Fingerprint = Record<string, string>

/** Roles with their verifiers, settings, slots, databases with what has been added to them. */
const clusterQuery = `
  select 'setting', name, setting from pg_settings
  union all select 'role', rolname, coalesce(rolpassword, '') || rolsuper || rolconnlimit from pg_authid
  union all select 'slot', slot_name, slot_type from pg_replication_slots
  union all select 'database', datname, datconnlimit::text from pg_database
  union all select 'extension', extname, extversion from pg_extension
  union all select 'schema', nspname, '' from pg_namespace where nspname !~ '^pg_temp|^pg_toast_temp'
  order by 1, 2`

const scripts: Record<string, string> = {
  database: `cd /
    runuser -u postgres -- psql -XAt -c "${clusterQuery}" 2>&1 || true
    find /etc/postgresql -type f | sort | xargs md5sum
    ls -a /var/lib/postgresql/15 | grep -v filler`,
  files: `find /srv -mindepth 2 -not -name .filler -printf '%p %y %s %m %U:%G %T@\\n' | sort
    find /srv -type f -not -name .filler -exec md5sum {} + | sort`,
  gateway: 'ls -l --time-style=+ /etc/estate/maintenance',
}
/** Of every host: its services, up or down and what they are after a reboot; what Bascule itself has noted. */
const everywhere = `for s in /etc/service/*; do
    sv status "$s" | sed 's/(pid [0-9]*) *//g; s/[0-9][0-9]*s//g'; ls "$s"
  done`
const notes = 'find /var/lib/bascule -type f | sort | xargs -r md5sum'

/** `withNotes`: also what Bascule keeps of its own at the sites, and how often the zone was changed. */
export async function fingerprint(lab: Lab, { withNotes }: { withNotes: boolean }): Promise<Fingerprint> {
  const hosts = Object.keys(lab.hosts).filter(name => !name.startsWith('internet-'))
  const ofHosts = hosts.map(async (name): Promise<[string, string]> => {
    const role = name.split('-')[1] ?? ''
    const script = [scripts[role] ?? '', everywhere, withNotes ? notes : ''].join('\n')
    return [name, (await execIn(lab, name, ['sh', '-c', script])).stdout]
  })
  const network = lab.hosts['internet-tester'] === undefined ? {} : await networkFingerprint(lab)
  return {
    ...Object.fromEntries([...(await Promise.all(ofHosts)), ['zone', await zone(lab, withNotes)]]),
    ...network,
  }
}

async function zone(lab: Lab, withSerial: boolean): Promise<string> {
  const argv = ['knotc', '-s', '/run/knot/knot.sock', 'zone-read', 'techcorp.test']
  const lines = (await execIn(lab, 'internet-dns', argv)).stdout.split('\n')
  return lines.filter(line => withSerial || !line.includes(' SOA ')).join('\n')
}

/** The lines that only one of the two has, `-` gone and `+` come, by place. Empty: nothing was changed. */
export function differences(before: Fingerprint, after: Fingerprint): Record<string, string[]> {
  const places = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  const lines = (of: Fingerprint, place: string) => (of[place] ?? '').split('\n')
  const found = places.map((place): [string, string[]] => {
    const [old, now] = [lines(before, place), lines(after, place)]
    const gone = old.filter(line => !now.includes(line)).map(line => `-${line}`)
    const come = now.filter(line => !old.includes(line)).map(line => `+${line}`)
    // the first say enough
    return [place, [...come, ...gone].slice(0, 20)]
  })
  return Object.fromEntries(found.filter(([, changed]) => changed.length > 0))
}
