import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { execa } from 'execa'
import { busybox, filesDirectory } from './parts.ts'

/** The initial RAM disk: busybox, the drivers, and the script that goes on to the disk. Uncompressed: the CPU is emulated. */
export async function makeInitrd(modules: readonly string[], workDirectory: string): Promise<string> {
  const tree = join(workDirectory, 'initrd.tree')
  for (const directory of ['bin', 'dev', 'proc', 'root', 'modules'])
    mkdirSync(join(tree, directory), { recursive: true })
  cpSync(busybox, join(tree, 'bin/busybox'))
  cpSync(join(filesDirectory, 'init'), join(tree, 'init'))
  for (const module of modules) cpSync(module, join(tree, 'modules', basename(module)))
  writeFileSync(join(tree, 'modules/order'), modules.map(module => `${basename(module)}\n`).join(''))
  const file = join(workDirectory, 'initrd')
  const names = ['.', 'bin', 'bin/busybox', 'dev', 'proc', 'root', 'init', 'modules', 'modules/order']
  names.push(...modules.map(module => `modules/${basename(module)}`))
  await execa(busybox, ['cpio', '-o', '-H', 'newc', '-R', '0:0'], {
    cwd: tree,
    input: `${names.join('\n')}\n`,
    stdout: { file },
  })
  rmSync(tree, { recursive: true })
  return file
}
