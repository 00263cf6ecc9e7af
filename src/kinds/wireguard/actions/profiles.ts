import { z } from 'zod'
import { sha256Hex } from '../../../model/canonical.ts'
import { Failure } from '../../../model/failure.ts'
import type { ReadIo } from '../../../model/io.ts'
import { typed } from '../../kit/by-hand.ts'
import { script } from '../../kit/script.ts'
import { noteOf } from '../clients/notes.ts'
import { profileName, profileOf } from '../clients/profile.ts'
import { restarterFiles } from '../clients/restarter.ts'
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
