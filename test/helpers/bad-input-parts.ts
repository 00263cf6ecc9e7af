import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execaSync } from 'execa'
import type { Lab } from '../../lab/lab.ts'
import { repository } from '../../lab/paths.ts'
import { loadKinds } from '../../src/kinds/registry.ts'
import type { Component } from '../../src/model/plan.ts'
import { openPlan } from '../../src/plan/load.ts'

export type Changes = { [key: string]: unknown }
/** One part of the plan that is wrong: a copy of a part that is right, with these fields changed. */
export type BadPart = {
  what: string
  like: 'database' | 'files' | 'auth' | 'names' | 'link'
  changes: Changes
  says: RegExp
  remedy: RegExp
}

/** What the bad parts name: hosts that ssh cannot reach, secrets that cannot be read. */
export type Traps = { sshConfig: string; secret(name: string): string }

/** Beside the parts that are right: every bad part under an id of its own, all in one overlay. */
export async function overlayOf(lab: Lab, parts: readonly BadPart[], traps: Traps): Promise<object> {
  const plan = await openPlan(
    [join(repository, 'examples/techcorp/plan.yaml'), lab.overlayFile],
    await loadKinds(),
  )
  const own = parts.map((part, index) => [idOf(index), changed(plan.components[part.like], part.changes)])
  return {
    ssh: { configFile: traps.sshConfig },
    sites: { target: { hosts: Object.fromEntries(trapHosts.map(name => [name, hostNamed(lab, name)])) } },
    components: {
      ...Object.fromEntries(own),
      link: quickLink,
      database: smallLog,
      // asks every host, also those that cannot be reached
      authority: { hosts: { source: ['database'], target: ['database'] } },
    },
  }
}

export const idOf = (index: number): string => `bad-${index + 1}`
/** The bandwidth is not what these tests are about. */
export const quickLink = { samples: 1, secondsPerSample: 1 }
/** The disks of bad input have no room for the WAL of a whole plan. */
export const smallLog = { replication: { maxSlotWalKeepGB: 0.1 } }

function changed(component: Component | undefined, changes: Changes): object {
  if (component === undefined) throw new Error('the plan lacks a part that it had')
  const { kind, title, criticality, owner, spec } = component
  return merged({ kind, title, criticality, owner, ...spec, ...(kind === 'link' ? quickLink : {}) }, changes)
}

function merged(base: Changes, changes: Changes): Changes {
  const isMap = (value: unknown): value is Changes =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
  const fields = Object.entries(changes).map(([key, value]) => {
    const old = base[key]
    return [key, isMap(value) && isMap(old) ? merged(old, value) : value]
  })
  const all = Object.entries({ ...base, ...Object.fromEntries(fields) })
  // As in an overlay: null takes a field away.
  return Object.fromEntries(all.filter(([, value]) => value !== null))
}

const trapHosts = ['nowhere', 'gone', 'closed', 'impostor', 'stranger', 'no-user', 'no-key'] as const
const hostNamed = (lab: Lab, name: string) => ({
  ssh: name,
  address: `${lab.prefix}.2.99`,
  become: 'runuser',
})

/** The lab's ssh configuration with hosts beside it that each fail in their own way; secrets that do. */
export function setTraps(lab: Lab, home: string): Traps {
  const known = readFileSync(join(lab.directory, 'known_hosts'), 'utf8')
  const keyOf = (host: string) => new RegExp(`^${host},\\S+ (.*)$`, 'm').exec(known)?.[1]
  const secrets = join(home, 'secrets')
  mkdirSync(secrets)
  const write = (path: string, text: string, mode = 0o600) => writeFileSync(join(home, path), text, { mode })
  const at = (lastByte: number) => `${lab.prefix}.2.${lastByte}`
  write('impostor_hosts', `${at(50)} ${keyOf('montpellier-auth')}\n`)
  write('no_hosts', '')
  const hosts = {
    nowhere: ['HostName no-such-host.invalid'],
    gone: [`HostName ${at(99)}`],
    closed: [`HostName ${at(40)}`, 'Port 2222'],
    impostor: [`HostName ${at(50)}`, `UserKnownHostsFile ${join(home, 'impostor_hosts')}`],
    stranger: [`HostName ${at(50)}`, `UserKnownHostsFile ${join(home, 'no_hosts')}`],
    'no-user': [`HostName ${at(20)}`, 'User nobody'],
    'no-key': [
      ...[`HostName ${at(20)}`, 'User root', `IdentityFile ${join(home, 'key')}`, 'IdentitiesOnly yes'],
      `UserKnownHostsFile ${join(lab.directory, 'known_hosts')}`,
    ],
  }
  execaSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(home, 'key')])
  const own = Object.entries(hosts).map(([name, lines]) => [`Host ${name}`, ...lines].join('\n  '))
  write('ssh_config', `${own.join('\n')}\nHost * !no-key\n  Include ${lab.sshConfigFile}\n`)
  write('secrets/open', 'anyone may read this', 0o644)
  write('secrets/empty', '\n')
  write('secrets/wrong', 'not-the-password-of-anyone')
  write('secrets/tsig', Buffer.from('not the key of any zone at all').toString('base64'))
  return { sshConfig: join(home, 'ssh_config'), secret: name => `file:${join(secrets, name)}` }
}
