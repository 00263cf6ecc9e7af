import { constants, copyFileSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { run } from '../shell.ts'
import { librariesOf } from './libraries.ts'
import { agent, busybox, dynamicPrograms, filesDirectory } from './parts.ts'

const directories = [
  ...['bin', 'dev', 'etc/network', 'etc/estate', 'opt/estate', 'proc', 'root', 'run', 'sbin', 'sys', 'tmp'],
  ...['if-pre-up', 'if-up', 'if-down', 'if-post-down'].map(when => `etc/network/${when}.d`),
  ...['usr/bin', 'usr/sbin', 'var/lib/estate', 'var/log'],
]

/** Lays out what all guests have in common; what one of them is comes later (see configure.ts). */
export async function layOutRoot(tree: string, programs: Record<string, string>): Promise<void> {
  for (const directory of directories) mkdirSync(join(tree, directory), { recursive: true })
  copy(busybox, join(tree, 'bin/busybox'))
  const applets = (await run([busybox, '--list'])).stdout.split('\n').filter(name => name !== 'busybox')
  for (const applet of applets) symlinkSync('/bin/busybox', join(tree, 'bin', applet))
  symlinkSync('/bin/busybox', join(tree, 'sbin/init'))
  symlinkSync('/run', join(tree, 'var/run'))
  for (const part of ['etc', 'sbin'])
    cpSync(join(filesDirectory, part), join(tree, part), { recursive: true })
  for (const [from, to] of Object.entries(dynamicPrograms)) copy(from, join(tree, to))
  for (const library of await librariesOf(Object.keys(dynamicPrograms))) copy(library, join(tree, library))
  for (const [program, code] of Object.entries(programs))
    writeFileSync(join(tree, 'opt/estate', `${program}.cjs`), code)
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  copyFileSync(from, to, constants.COPYFILE_FICLONE)
}

/** All files of this machine that a guest's disk is made from. */
export const rootInputs = async (): Promise<string[]> => [
  busybox,
  agent,
  ...Object.keys(dynamicPrograms),
  ...(await librariesOf(Object.keys(dynamicPrograms))),
]
