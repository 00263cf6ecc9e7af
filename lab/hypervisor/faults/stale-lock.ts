import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const configOf = (tree: string, vmid: number) => join(tree, 'etc/pve/qemu-server', `${vmid}.conf`)

/** The lock stands in the configuration's first section; the sections after it are its snapshots. */
export function writeLock(tree: string, vmid: number, lock: string): void {
  const file = configOf(tree, vmid)
  const [current = '', ...snapshots] = readFileSync(file, 'utf8').split(/^(?=\[)/m)
  const unlocked = current.replace(/^lock: .*\n/m, '').trimEnd()
  writeFileSync(
    file,
    [`${unlocked}\nlock: ${lock}\n${snapshots.length > 0 ? '\n' : ''}`, ...snapshots].join(''),
  )
}

/** Only this very lock: another one has come from somebody else since. */
export function removeLock(tree: string, vmid: number, lock: string): void {
  const file = configOf(tree, vmid)
  if (!existsSync(file)) return
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replace(new RegExp(`^lock: ${lock}\n`, 'm'), ''))
}
