import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildGuest } from '../../lab/guest/build.ts'
import { makeRoot, node } from '../helpers/hypervisor-api.ts'

/** Debian's own Python: where its packages are. */
const python = '/usr/bin/python3'
const repository = join(import.meta.dirname, '../..')
let root: string
let stop = async () => undefined as unknown
let port: string
// biome-ignore lint/suspicious/noExplicitAny: whatever a foreign client has seen
let saw: Record<string, any>

beforeAll(async () => {
  root = makeRoot()
  await buildGuest({
    program: 'auth',
    address: '10.0.0.30/24',
    gateway: '10.0.0.1',
    others: {},
    environment: {},
    output: join(root, 'var/lib/vz/images/101/vm-101-disk-0.qcow2'),
  })
  const config = {
    agent: '1',
    boot: 'order=scsi0',
    cores: '1',
    cpu: 'Westmere',
    memory: '384',
    name: 'auth',
    net0: 'virtio=BC:24:11:00:00:65',
    ostype: 'l26',
    scsi0: 'local:101/vm-101-disk-0.qcow2,size=512M',
    scsihw: 'virtio-scsi-pci',
  }
  writeFileSync(
    join(root, 'etc/pve/qemu-server/101.conf'),
    Object.entries(config)
      .map(([key, value]) => `${key}: ${value}\n`)
      .join(''),
  )
  await serve()
  const script = join(import.meta.dirname, '../helpers/hypervisor-proxmoxer.py')
  const certificate = join(root, 'etc/pve/local/pve-ssl.pem')
  const argv = [script, port, certificate, 'secret-full', 'secret-bare']
  const { stdout } = await execa(python, argv, { timeout: 200_000 })
  saw = JSON.parse(stdout)
})

afterAll(async () => {
  await stop()
  for (const pid of machinePids()) process.kill(pid, 'SIGKILL')
  rmSync(root, { recursive: true, force: true })
})

async function serve(): Promise<void> {
  const local = (name: string) => join(root, 'etc/pve/local', name)
  const child = spawn(
    process.execPath,
    [
      ...[join(repository, 'lab/hypervisor/main.ts'), '--node', node, '--root', root],
      ...['--address', '127.0.0.1', '--port', '0'],
      ...['--certificate', local('pve-ssl.pem'), '--key', local('pve-ssl.key')],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  stop = async () => {
    if (child.exitCode !== null) return
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  for await (const line of createInterface(child.stdout)) {
    port = /:(\d+)$/.exec(line)?.[1] ?? ''
    break
  }
}

/** What a test that failed half-way has left running. */
function machinePids(): number[] {
  const directory = join(root, 'var/run/qemu-server')
  try {
    const files = readdirSync(directory).filter(name => /^\d+\.pid$/.test(name))
    return files.map(name => Number(readFileSync(join(directory, name), 'utf8'))).filter(isThere)
  } catch {
    return []
  }
}

function isThere(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`${root}/`)
  } catch {
    return false
  }
}

it('proxmoxer looks around', () => {
  expect(saw.version).toMatch(/^9\./)
  expect(saw.nodes).toEqual([node])
  expect(saw.list).toEqual([[101, 'auth', 'stopped']])
  expect(saw.config).toMatchObject({
    cores: 1,
    name: 'auth',
    scsi0: 'local:101/vm-101-disk-0.qcow2,size=512M',
  })
})

it('starts the machine and hears its agent', () => {
  expect(saw.started).toEqual(['OK', 'TASK OK'])
  expect(saw.ping).toEqual({ result: {} })
  expect(saw.exec).toMatchObject({ exited: 1, exitcode: 0, 'out-data': 'auth\n' })
})

it('backs it up while it runs, and restores it as another', () => {
  expect(saw.backup).toEqual(['OK', 'TASK OK'])
  expect(saw.archive).toMatchObject({ vmid: 101, format: 'vma.zst', content: 'backup' })
  expect(saw.archive.volid).toMatch(
    /^local:backup\/vzdump-qemu-101-\d{4}_\d\d_\d\d-\d\d_\d\d_\d\d\.vma\.zst$/,
  )
  expect(saw.restored).toEqual(['OK', 'TASK OK'])
  expect(saw.copy).toMatchObject({ name: 'auth', memory: '384' })
  expect(saw.copy.net0).not.toBe(saw.config.net0)
  const [status, message] = saw.taken
  expect([status, message]).toEqual([
    500,
    expect.stringMatching(`unable to restore VM 150 - VM 150 already exists on node '${node}'`),
  ])
})

it('shuts it down and leaves nothing', () => {
  expect(saw.shutdown).toEqual(['OK', 'TASK OK'])
  expect(saw.status).toBe('stopped')
  expect(saw.deleted).toEqual([
    ['OK', 'TASK OK'],
    ['OK', 'TASK OK'],
  ])
  expect(saw.forgotten).toEqual(['OK', 'TASK OK'])
  expect(saw.left).toEqual([[], []])
  expect(saw.tasks).toEqual([
    ...['imgdel', 'qmdestroy', 'qmdestroy', 'qmshutdown', 'qmrestore', 'vzdump', 'qmstart'],
  ])
})

it('is refused as PVE refuses', () => {
  expect(saw.gone[0]).toBe(500)
  expect(saw.gone[1]).toContain(`Configuration file 'nodes/${node}/qemu-server/101.conf' does not exist`)
  expect(saw.wrong.slice(0, 2)).toEqual([400, 'Parameter verification failed.'])
  expect(saw.unable[0]).toBe(403)
  expect(saw.unable[1]).toContain('Permission check failed (/vms/101, VM.Audit)')
  expect(saw.stranger).toEqual([401, 'Authentication failed!', ''])
  expect(saw.absent[0]).toBe(501)
})
