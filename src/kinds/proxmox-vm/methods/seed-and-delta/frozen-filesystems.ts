import type { Argv, ChangeIo, CommandOptions, CommandResult } from '../../../../model/io.ts'
import { type QmpCommand, type QmpSocket, qmpInput, readAnswers, socatTo } from '../../machine/qmp.ts'
import type { MachineSide } from '../../sides.ts'

/** A guest that is frozen longer than this is thawed, whatever has become of us. */
const longestSeconds = 15

/**
 * A constant text, its values are arguments: VMID, folder, seconds, argv of what is done in that instant (its input is ours).
 *
 * It all happens in one place and in one go, because a guest that stays frozen is down: if a program is killed in between (this
 * script, the ssh connection, the program far away), a guard that is in nobody's session thaws the guest. A guest whose agent
 * cannot freeze is copied as a power cut would leave it, and that is told.
 */
const script = `
vm=$1 folder=$2 longest=$3; shift 3
mark=$(mktemp "$folder/frozen.XXXXXX") || exit 1
thaw() {
  timeout 10 qm guest cmd "$vm" fsfreeze-thaw </dev/null >/dev/null 2>&1
  rm -f "$mark"
}
trap thaw EXIT
trap 'exit 143' HUP INT TERM
setsid -f sh -c 'sleep "$3"; [ ! -e "$2" ] || qm guest cmd "$1" fsfreeze-thaw; rm -f "$2"' guard "$vm" "$mark" "$longest" </dev/null >/dev/null 2>&1
timeout "$longest" qm guest cmd "$vm" fsfreeze-freeze </dev/null >/dev/null 2>&1 || echo "not frozen" >&2
"$@"`

/** True when the guest was frozen at that instant. Throws Failure when QEMU refuses. */
export async function frozen(
  io: ChangeIo,
  at: MachineSide,
  socket: QmpSocket,
  commands: readonly QmpCommand[],
): Promise<boolean> {
  const result = await withFrozenFilesystems(io, at, socatTo(socket.path), { input: qmpInput(commands) })
  readAnswers(socket, commands, result.stdout)
  return result.frozen
}

/** Runs a program at the hypervisor of a machine that runs, its guest frozen meanwhile where it can be. The staging folder must be there. */
export async function withFrozenFilesystems(
  io: ChangeIo,
  at: MachineSide,
  argv: Argv,
  options: CommandOptions = {},
): Promise<CommandResult & { frozen: boolean }> {
  const words = ['sh', '-c', script, 'bascule', String(at.vmid), at.staging, String(longestSeconds), ...argv]
  const result = await io.change(at.host.ssh, words, options)
  return { ...result, frozen: !result.stderr.includes('not frozen') }
}
