import { z } from 'zod'
import { sha256Hex } from '../../../model/canonical.ts'
import { Failure } from '../../../model/failure.ts'
import type { ReadIo } from '../../../model/io.ts'
import { typed } from '../../kit/by-hand.ts'
import { script } from '../../kit/script.ts'
import { endpointOf, noteOf } from '../clients/notes.ts'
import { type Peer, parseConfig } from '../config/parse.ts'
import { withoutTestPeer } from '../config/test-peer.ts'
import { lookFor } from '../config-file.ts'
import { wireguard } from '../facts.ts'
import { type Gateway, gatewayAt, type Vpn } from '../gateways.ts'
import { identityOf } from '../interface.ts'
import { shown, timings, undoBy } from '../step.ts'
import { prepareTarget } from './prepare-target.ts'

/** By it a folder is known as ours, to be written anew and removed; it names the folder above where we made that too. */
const mark = '.written-by-bascule'
const makeFolder = script(import.meta.dirname, '../scripts/make-folder.sh')
const removeFolder = script(import.meta.dirname, '../scripts/remove-folder.sh')

/** One file for every peer, and what clients by name install, beside each other at the target's gateway. */
export const profiles = wireguard.action({
  name: 'profiles',
  touches: ['target'],
  result: z.object({ profiles: z.number(), files: z.number() }),
  plan: about => ({
    ...timings(about, 5),
    title: { key: 'wireguard.profiles.title', values: shown(about) },
    stage: 'provision',
    after: [prepareTarget],
    undo: undoBy(about, 2, {
      key: 'wireguard.profiles.byHand',
      values: { ...shown(about), remove: typed(['rm', '-r', '--', placeOf(about).folder]) },
    }),
  }),
  async isDone(acting, io) {
    const { target, folder } = placeOf(acting)
    const wanted = await filesOf(acting, io)
    const argv = ['sha256sum', '--', ...Object.keys(wanted).map(name => `${folder}/${name}`)]
    const { exitCode, stdout } = await io.read(target.host.ssh, argv, { allowFailure: true })
    if (exitCode !== 0) return false
    const sums = stdout.split('\n').map(line => line.slice(0, 64))
    return Object.values(wanted).every((text, at) => sums[at] === sha256Hex(text)) && counted(wanted)
  },
  async apply(acting, io) {
    const { target, folder } = placeOf(acting)
    const made = await io.at('target').change(target.host.ssh, makeFolder.argv(folder, mark), {
      allowFailure: true,
    })
    const values = { host: target.host.ssh, folder, detail: made.stderr.trim().slice(-300) }
    if (made.exitCode === 3) throw new Failure({ key: 'wireguard.profiles.foreign', values })
    if (made.exitCode !== 0) throw new Failure({ key: 'wireguard.profiles.folder', values })
    const files = await filesOf(acting, io)
    for (const [name, text] of Object.entries(files))
      await io.at('target').writeFile(target.host.ssh, `${folder}/${name}`, text, { mode: '0600' })
    return counted(files)
  },
  async undo(acting, io) {
    const { target, folder } = placeOf(acting)
    await io.at('target').change(target.host.ssh, removeFolder.argv(folder, mark))
  },
})

const placeOf = (vpn: Vpn) => {
  const target = gatewayAt(vpn, 'target')
  return { target, folder: `${target.spec.profiles?.directory}/${target.component}` }
}

const counted = (files: Record<string, string>) => ({
  profiles: Object.keys(files).filter(name => name.endsWith('.conf')).length,
  files: Object.keys(files).length,
})

/** File name → its text. */
async function filesOf(vpn: Vpn, io: ReadIo): Promise<Record<string, string>> {
  const { target } = placeOf(vpn)
  const { spec } = target
  const { publicKey, fingerprint } = await identityOf(target, io)
  const { peers } = parseConfig(withoutTestPeer((await lookFor(target, io)).text))
  const endpoint = spec.endpointName ?? target.endpoint
  const gateway = { gatewayKey: publicKey, endpoint, port: spec.port }
  const files: Record<string, string> = {}
  for (const peer of peers)
    files[profileName(peer)] = profileOf({
      ...gateway,
      peer,
      site: target.siteTitle,
      gatewayFingerprint: fingerprint,
      within: spec.within,
      dns: spec.profiles?.dns ?? [],
      presharedKey: await presharedKeyOf(target, peer, io),
    })
  if (spec.endpointName !== undefined)
    Object.assign(files, restarterFiles({ ...gateway, interface: spec.interface }))
  return files
}

async function presharedKeyOf({ spec }: Gateway, peer: Peer, io: ReadIo): Promise<string | undefined> {
  const { presharedKey } = noteOf(spec, peer)
  return peer.preshared && presharedKey !== undefined ? (await io.secret(presharedKey)).trim() : undefined
}

type ProfileOf = {
  peer: Pick<Peer, 'name' | 'fingerprint' | 'allowed'>
  site: string
  gatewayKey: string
  gatewayFingerprint: string
  /** The name clients are given, else the address. */
  endpoint: string
  port: number
  within: readonly string[]
  dns: readonly string[]
  presharedKey: string | undefined
}

/** What stands where only the client's owner can write. wg-quick refuses it, and says which line. */
const ownKey = '(the PrivateKey line of the profile you use today)'

/** A client's file, complete but for its private key, which nobody but its owner has. */
export function profileOf(of: ProfileOf): string {
  const { peer, site, gatewayFingerprint, dns, within, presharedKey } = of
  return [
    `# VPN profile of ${peer.name} (${peer.fingerprint.slice(0, 8)}) for ${site}, whose key has the fingerprint ${gatewayFingerprint}.`,
    '# 1. Take the old tunnel down.  2. Copy the private key from the old profile into the line below; show it to nobody.',
    '# 3. Put this file in the place of the old one, mode 0600, and take the tunnel up.',
    '[Interface]',
    `PrivateKey = ${ownKey}`,
    `Address = ${peer.allowed.join(', ')}`,
    ...(dns.length > 0 ? [`DNS = ${dns.join(', ')}`] : []),
    '',
    '[Peer]',
    `PublicKey = ${of.gatewayKey}`,
    ...(presharedKey === undefined ? [] : [`PresharedKey = ${presharedKey}`]),
    `AllowedIPs = ${within.join(', ')}`,
    `Endpoint = ${endpointOf(of.endpoint, of.port)}`,
    'PersistentKeepalive = 25',
    '',
  ].join('\n')
}

/** A file name of its own for every peer: names are comments, and may be twice the same, or a path. */
export const profileName = ({ name, fingerprint }: Pick<Peer, 'name' | 'fingerprint'>): string =>
  `${name.replaceAll(/[^\w.-]+/g, '-').replace(/^[.-]+/, '')}.${fingerprint.slice(0, 8)}.conf`

const program = 'wireguard-resolve-again'

/**
 * WireGuard resolves its endpoint's name once, when the tunnel comes up. A tunnel in use renews its handshake every two
 * minutes; 135 s without one mean that nobody answers at the address it knows. What the program needs comes as arguments.
 */
export const resolveAgain = script(import.meta.dirname, '../scripts/resolve-again.sh')

type RestarterOf = { interface: string; gatewayKey: string; endpoint: string; port: number }

/** What a client by name installs so that it follows the name: file name → its text. The script is to be made executable. */
export function restarterFiles(of: RestarterOf): Record<string, string> {
  const path = `/usr/local/sbin/${program}`
  const line = `${path} ${of.interface} ${of.gatewayKey} ${endpointOf(of.endpoint, of.port)}`
  const install = `# First: install -m 0755 ${program} ${path}`
  return {
    [program]: resolveAgain.text(),
    [`${program}.service`]: [
      `${install}`,
      `# Then: install -m 0644 ${program}.service ${program}.timer /etc/systemd/system/ && systemctl enable --now ${program}.timer`,
      '[Unit]',
      'Description=Resolve the WireGuard endpoint again when its gateway is silent',
      '[Service]',
      'Type=oneshot',
      `ExecStart=${line}`,
      '',
    ].join('\n'),
    [`${program}.timer`]: [
      '[Unit]',
      'Description=Every half minute: is the WireGuard gateway silent?',
      '[Timer]',
      'OnBootSec=30s',
      'OnUnitActiveSec=30s',
      'AccuracySec=1s',
      '[Install]',
      'WantedBy=timers.target',
      '',
    ].join('\n'),
    [`${program}.cron`]: [
      `${install}`,
      `# Then: install -m 0644 ${program}.cron /etc/cron.d/${program}`,
      `* * * * * root ${line}`,
      `* * * * * root sleep 30; ${line}`,
      '',
    ].join('\n'),
  }
}
