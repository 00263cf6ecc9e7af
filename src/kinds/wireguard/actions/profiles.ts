import { sha256Hex } from '../../../model/canonical.ts'
import { Failure } from '../../../model/failure.ts'
import type { ReadIo } from '../../../model/io.ts'
import type { Action, StepContext } from '../../../model/kind.ts'
import { noteOf } from '../clients/notes.ts'
import { profileName, profileOf } from '../clients/profile.ts'
import { restarterFiles } from '../clients/restarter.ts'
import { type Peer, parseConfig } from '../config/parse.ts'
import { withoutTestPeer } from '../config/test-peer.ts'
import { lookFor } from '../config-file.ts'
import { type Gateway, gatewayAt } from '../gateways.ts'
import { identityOf } from '../interface.ts'

/** By it a folder is known as ours, to be written anew and removed; it names the folder above where we made that too. */
const mark = '.written-by-bascule'
/** Arguments: folder, mark. Ends with 3 when the folder is there and is not ours. */
const folderScript = `
set -eu
umask 077
if [ -e "$1" ] && ! [ -e "$1/$2" ]; then exit 3; fi
p=$(dirname -- "$1") made=
[ -e "$p" ] || made=$p
mkdir -p -- "$1"
[ -e "$1/$2" ] || echo "$made" >"$1/$2"`
/** Arguments: folder, mark. */
const removeScript = `
set -eu
[ -e "$1/$2" ] || exit 0
made=$(cat -- "$1/$2")
rm -rf -- "$1"
[ -z "$made" ] || rmdir -- "$made" 2>/dev/null || :`

/** One file for every peer, and what clients by name install, beside each other at the target's gateway. */
export const profiles: Action = {
  async isDone(context, io) {
    const { target, folder } = placeOf(context)
    const wanted = await filesOf(context, io)
    const argv = ['sha256sum', '--', ...Object.keys(wanted).map(name => `${folder}/${name}`)]
    const { exitCode, stdout } = await io.read(target.host.ssh, argv, { allowFailure: true })
    if (exitCode !== 0) return false
    const sums = stdout.split('\n').map(line => line.slice(0, 64))
    return Object.values(wanted).every((text, at) => sums[at] === sha256Hex(text)) && counted(wanted)
  },
  async apply(context, io) {
    const { target, folder } = placeOf(context)
    const made = await io.change(target.host.ssh, ['sh', '-c', folderScript, 'bascule', folder, mark], {
      allowFailure: true,
    })
    const values = { host: target.host.ssh, folder, detail: made.stderr.trim().slice(-300) }
    if (made.exitCode === 3) throw new Failure({ key: 'wireguard.profiles.foreign', values })
    if (made.exitCode !== 0) throw new Failure({ key: 'wireguard.profiles.folder', values })
    const files = await filesOf(context, io)
    for (const [name, text] of Object.entries(files))
      await io.writeFile(target.host.ssh, `${folder}/${name}`, text, { mode: '0600' })
    return counted(files)
  },
  async undo(context, io) {
    const { target, folder } = placeOf(context)
    await io.change(target.host.ssh, ['sh', '-c', removeScript, 'bascule', folder, mark])
  },
}

const placeOf = ({ component, plan }: StepContext) => {
  const target = gatewayAt(component, plan, 'target')
  return { target, folder: `${target.spec.profiles?.directory}/${component.id}` }
}

const counted = (files: Record<string, string>) => ({
  profiles: Object.keys(files).filter(name => name.endsWith('.conf')).length,
  files: Object.keys(files).length,
})

/** File name → its text. */
async function filesOf(context: StepContext, io: ReadIo): Promise<Record<string, string>> {
  const { target } = placeOf(context)
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
