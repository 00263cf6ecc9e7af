import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rsync } from '../../src/kinds/files/commands.ts'
import { push } from '../../src/kinds/proxmox-vm/methods/zfs-send/commands.ts'
import { Failure } from '../../src/model/failure.ts'
import type { ChangeIo } from '../../src/model/io.ts'
import { createRedactor } from '../../src/transport/redact.ts'
import { openTransport, type Transport } from '../../src/transport/transport.ts'
import { blocksOf, pageNamed } from '../helpers/docs-pages.ts'
import { describeLab } from '../helpers/lab-needs.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'
import { startSshd, type TestSshd } from '../helpers/transport-sshd.ts'
import { until } from '../helpers/until.ts'

/** What the page tells people to type and to write is what is tested here. */
const page = blocksOf(pageNamed('docs/write-a-plan.md'))
const block = (mark: string): string => {
  const found = page.filter(each => each.language === 'text' && each.mark === mark)
  expect(found.map(each => each.mark)).toEqual([mark])
  return found[0]?.text ?? ''
}

/** Other runs on this machine do the same: what is looked for among all processes has this number. */
const own = process.pid
const folder = temporaryFolder('sudo')
const address = '127.0.0.1'
const lone = new AbortController().signal
let sshd: TestSshd
let transport: Transport
/** Of the login that is not root. */
let io: ChangeIo
let root: ChangeIo

/**
 * sshd and all that it starts have an /etc, a /home, a /root and a /usr/sbin of their own: user and sudoers are theirs alone, and
 * go with the last process, whatever ends the test. Arguments: a folder, then what to start.
 */
const apart = `set -eu
d=$1; shift
for each in etc home root; do
  mkdir "$d/$each"
  mount -t tmpfs -o mode=755 none "$d/$each"
done
cp -a /etc/. "$d/etc"
sed -i '/^bascule:/d' "$d/etc/passwd" "$d/etc/shadow" "$d/etc/group" "$d/etc/gshadow"
rm -f "$d/etc/sudoers.d/bascule"
for each in etc home root; do mount --bind "$d/$each" "/$each"; done
mkdir "$d/sbin"
mount --bind /usr/sbin "$d/sbin"
mount -t tmpfs -o mode=755 none /usr/sbin
ln -s "$d"/sbin/* /usr/sbin/
exec "$@"`

const failureOf = async (call: Promise<unknown>): Promise<Failure> => {
  const failure = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(failure).toBeInstanceOf(Failure)
  return failure as Failure
}
const work = (key: string, signal = lone, of = transport): ChangeIo =>
  of.ioFor({ key: `${key} of ${own}`, signal })

function open(): Promise<Transport> {
  return openTransport({
    hosts: {
      plain: { ssh: 'plain', address, become: 'sudo' },
      alpha: { ssh: 'alpha', address, become: 'runuser' },
    },
    ssh: { configFile: join(folder, 'ssh_config'), connectTimeoutSeconds: 3 },
    redactor: createRedactor(),
  })
}

/** Whether a process with exactly these arguments runs, and as whom. */
async function runningAs(...argv: string[]): Promise<string> {
  const { stdout } = await root.local(['pgrep', '-xfn', argv.join(' ')], { allowFailure: true })
  if (stdout === '') return 'nobody'
  return (await root.local(['ps', '-o', 'user=', '-p', stdout.trim()])).stdout.trim()
}

/** Adds what the page says to the sudoers of the login user. */
async function allow(...marks: string[]): Promise<void> {
  const path = '/etc/sudoers.d/bascule'
  await root.writeFile('alpha', path, marks.map(block).join(''), { mode: '0440', owner: 'root:root' })
  await root.change('alpha', ['visudo', '-c'])
}

describeLab('a login that is not root', () => {
  beforeAll(async () => {
    chmodSync(folder, 0o755)
    sshd = await startSshd(['unshare', '--mount', 'sh', '-c', apart, 'apart', folder])
    writeFileSync(
      join(folder, 'ssh_config'),
      // Debian's sshd takes a language from the client, and gives the host's own: sudo speaks it.
      'Host plain\n  User bascule\n  HostKeyAlias alpha\n  SetEnv LANG=C.UTF-8 LANGUAGE=fr\n' +
        `Host *\n  Include ${sshd.configFile}\n`,
    )
    transport = await open()
    root = work('root')
    io = work('login')
    const publicKey = join(sshd.directory, 'client.pub')
    await root.change('alpha', ['sh', '-euc', block('login').replaceAll('KEY.pub', publicKey)])
  })
  afterAll(async () => {
    await transport?.close()
    await sshd?.stop()
  })

  test('without its line in the sudoers is told so and what to do, whatever language sudo speaks', async () => {
    const calls = [
      io.read('plain', ['id', '-u']),
      io.change('plain', ['true']),
      io.writeFile('plain', '/root/file', 'x', { mode: '0600' }),
      transport.killOrphanedCommands('any', ['plain']),
    ]
    for (const failure of await Promise.all(calls.map(failureOf))) {
      expect(failure.text).toMatchObject({ key: 'transport.sudo', values: { host: 'plain' } })
      expect(failure.remedy).toEqual({ key: 'transport.remedy.sudo', values: { host: 'plain' } })
    }
  })

  test('reads, changes and writes as root with the shell alone, and as another user', async () => {
    await allow('sudoers-shell')
    expect((await io.read('plain', ['id', '-un'])).stdout).toBe('root\n')
    expect((await io.read('plain', ['id', '-un'], { asUser: 'postgres' })).stdout).toBe('postgres\n')
    const argv = ['printf', '%s|', "it's", '$HOME', '*', 'two words', '', '\n', 'é', '-n']
    expect((await io.change('plain', argv)).stdout).toBe("it's|$HOME|*|two words||\n|é|-n|")
    const large = 'a\0b\né\r'.repeat(300_000)
    expect((await io.read('plain', ['cat'], { input: large })).stdout).toBe(large)
    const failing = ['sh', '-c', 'echo out; echo err >&2; exit 255']
    const result = await io.read('plain', failing, { allowFailure: true })
    expect(result).toEqual({ exitCode: 255, stdout: 'out\n', stderr: 'err\n' })
    await io.writeFile('plain', '/root/file', "first 'é'\n", { mode: '0600' })
    await io.writeFile('plain', '/root/file', "second 'é'\n", { mode: '0600' })
    expect((await root.read('alpha', ['stat', '-c', '%U:%G %a', '/root/file'])).stdout).toBe(
      'root:root 600\n',
    )
    expect((await root.read('alpha', ['cat', '/root/file'])).stdout).toBe("second 'é'\n")
  })

  test('an abort ends what runs as root, and as another user, with its children', async () => {
    const stop = new AbortController()
    const two = `sleep 4731.${own} & sleep 4731.${own}`
    const deaf = `trap "" TERM; sleep 4732.${own}; sleep 4732.${own}`
    const calls = [
      work('abort', stop.signal).change('plain', ['sh', '-c', two]),
      work('abort', stop.signal).change('plain', ['sh', '-c', deaf], { asUser: 'postgres' }),
    ].map(failureOf)
    await until(async () => (await runningAs('sleep', `4731.${own}`)) === 'root')
    await until(async () => (await runningAs('sleep', `4732.${own}`)) === 'postgres')
    stop.abort(new Error('deadline'))
    for (const failure of await Promise.all(calls)) expect(failure.text.key).toBe('transport.aborted')
    expect(await runningAs('sleep', `4731.${own}`)).toBe('nobody')
    expect(await runningAs('sleep', `4732.${own}`)).toBe('nobody')
  })

  test('what a program that is gone left running is found by its key and ended', async () => {
    const before = await open()
    try {
      const left = failureOf(work('night/files.seed', lone, before).change('plain', ['sleep', `4733.${own}`]))
      await until(async () => (await runningAs('sleep', `4733.${own}`)) === 'root')
      const key = `night/files.seed of ${own}`
      expect(await transport.killOrphanedCommands(key, ['plain'])).toHaveLength(1)
      expect(await runningAs('sleep', `4733.${own}`)).toBe('nobody')
      expect((await left).text.key).toBe('transport.commandFailed')
      expect(await transport.killOrphanedCommands(key, ['plain'])).toEqual([])
    } finally {
      await before.close()
    }
  })

  describeLab('between hosts', () => {
    const [from, to] = [join(folder, 'from'), join(folder, 'to')]
    const end = { ssh: 'plain', address, become: 'sudo' as const }
    const trees = {
      component: 'share',
      spec: {
        source: { host: 'plain', path: from },
        target: { host: 'plain', path: to },
        exclude: [],
        preserve: { hardLinks: true, acls: false, xattrs: false },
      },
      source: { ...end, path: from },
      target: { ...end, path: to },
      workDirectory: folder,
    } as unknown as Parameters<typeof rsync>[0]
    const toTarget = push(['echo', 'stream'], { address, become: 'sudo' }, 'tank/vm-101-disk-0')

    beforeAll(async () => {
      mkdirSync(from)
      mkdirSync(to, { mode: 0o700 })
      writeFileSync(join(from, 'file'), 'content', { mode: 0o600 })
      const config = block('ssh').replaceAll('198.51.100.20', address)
      expect(config).toContain(address)
      const ours = `Host *\n  HostKeyAlias alpha\n  Include ${sshd.configFile}\n`
      await root.change('alpha', ['mkdir', '-m', '700', '/root/.ssh'])
      await root.writeFile('alpha', '/root/.ssh/config', config + ours, { mode: '0600' })
      const zfs = '#!/bin/sh\necho "$(id -un): zfs $*: $(cat)"\n'
      await root.writeFile('alpha', '/usr/sbin/zfs', zfs, { mode: '0755' })
    })

    test('the shell’s line is not enough for rsync and zfs', async () => {
      await allow('sudoers-shell')
      for (const argv of [rsync(trees), toTarget]) {
        const { exitCode, stderr } = await io.change('plain', argv, { allowFailure: true })
        expect(exitCode).not.toBe(0)
        expect(stderr).toMatch(/^sudo: a password is required$/m)
      }
    })

    test('files arrive with the line of rsync', async () => {
      await allow('sudoers-shell', 'sudoers-rsync')
      await io.change('plain', rsync(trees))
      expect(readFileSync(join(to, 'file'), 'utf8')).toBe('content')
      writeFileSync(join(to, 'file'), 'written since', { mode: 0o600 })
      await io.change('plain', rsync(trees, { direction: 'back', checksum: true }))
      expect(readFileSync(join(from, 'file'), 'utf8')).toBe('written since')
    })

    test('a disk arrives with the line of zfs', async () => {
      await allow('sudoers-shell', 'sudoers-zfs')
      const { stdout } = await io.change('plain', toTarget)
      expect(stdout).toBe('root: zfs receive -s -u tank/vm-101-disk-0: stream\n')
    })
  })
})
