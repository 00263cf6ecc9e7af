import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './free-port.ts'

type Json = Record<string, unknown>

/** One virtual machine of plain QEMU, with the devices Proxmox VE gives its own; this machine is 10.0.2.2 to it. */
export class GuestMachine {
  readonly #directory: string
  readonly #process: ChildProcess
  /** Guest address → URL of its program from here. */
  readonly urls: Record<string, string>

  private constructor(directory: string, process: ChildProcess, urls: Record<string, string>) {
    this.#directory = directory
    this.#process = process
    this.urls = urls
  }

  static async start(disk: string, directory: string, addresses: string[]): Promise<GuestMachine> {
    const urls: Record<string, string> = {}
    const forwards: string[] = []
    for (const address of addresses) {
      const port = await freePort()
      urls[address] = `http://127.0.0.1:${port}`
      forwards.push(`hostfwd=tcp:127.0.0.1:${port}-${address}:8080`)
    }
    const socket = (name: string) => `path=${join(directory, name)},server=on,wait=off`
    const argv = [
      ...['-machine', 'pc', '-accel', 'tcg,tb-size=64', '-cpu', 'Westmere', '-m', '320', '-smp', '1'],
      ...['-display', 'none', '-no-shutdown', '-serial', `file:${join(directory, 'serial')}`],
      ...['-object', 'rng-random,id=rng0,filename=/dev/urandom', '-device', 'virtio-rng-pci,rng=rng0'],
      ...[
        '-drive',
        `file=${disk},if=none,id=drive-scsi0,format=qcow2`,
        '-device',
        'virtio-scsi-pci,id=scsihw0',
      ],
      ...['-device', 'scsi-hd,drive=drive-scsi0,bus=scsihw0.0'],
      ...['-netdev', `user,id=net0,${forwards.join(',')}`, '-device', 'virtio-net-pci,netdev=net0'],
      ...['-chardev', `socket,id=qga0,${socket('qga')}`, '-device', 'virtio-serial'],
      ...['-device', 'virtserialport,chardev=qga0,name=org.qemu.guest_agent.0'],
      ...['-chardev', `socket,id=qmp0,${socket('qmp')}`, '-mon', 'chardev=qmp0,mode=control'],
    ]
    const child = spawn('qemu-system-x86_64', argv, { stdio: ['ignore', 'ignore', 'inherit'] })
    await once(child, 'spawn')
    while (!existsSync(join(directory, 'qmp'))) await sleep(20)
    return new GuestMachine(directory, child, urls)
  }

  get serial(): string {
    return readFileSync(join(this.#directory, 'serial'), 'utf8')
  }

  /** One command of the guest agent; throws what it answers when that is an error. */
  agent(execute: string, args: Json = {}): Promise<Json> {
    return converse(join(this.#directory, 'qga'), [{ execute, arguments: args }], 'return')
  }

  /** Runs a program in the guest; its exit code and what it said. */
  async run(path: string, ...arg: string[]): Promise<{ exitCode: number; output: string }> {
    const { pid } = await this.agent('guest-exec', { path, arg, 'capture-output': true })
    for (;;) {
      const status = await this.agent('guest-exec-status', { pid })
      const text = (key: string) => Buffer.from(String(status[key] ?? ''), 'base64').toString('utf8')
      if (status.exited)
        return { exitCode: Number(status.exitcode), output: text('out-data') + text('err-data') }
      await sleep(100)
    }
  }

  /** Resolves when the guest has switched its power off. */
  pressPowerButton(): Promise<Json> {
    const commands = [{ execute: 'qmp_capabilities' }, { execute: 'system_powerdown' }]
    return converse(join(this.#directory, 'qmp'), commands, 'SHUTDOWN')
  }

  async shutDownByAgent(): Promise<void> {
    const off = converse(join(this.#directory, 'qmp'), [{ execute: 'qmp_capabilities' }], 'SHUTDOWN')
    // It has no answer: the guest is gone.
    await Promise.race([this.agent('guest-shutdown', { mode: 'powerdown' }).catch(() => {}), off])
    await off
  }

  async end(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const exited = once(this.#process, 'exit')
    const commands = [{ execute: 'qmp_capabilities' }, { execute: 'quit' }]
    await converse(join(this.#directory, 'qmp'), commands, 'SHUTDOWN').catch(() =>
      this.#process.kill('SIGKILL'),
    )
    await exited
  }
}

/** Sends lines, reads lines until one has this key or is this event; bounded. */
async function converse(path: string, commands: object[], until: string): Promise<Json> {
  const socket = createConnection(path)
  socket.setTimeout(30_000, () => socket.destroy(new Error(`${path}: no ${until} within 30 s`)))
  try {
    for (const command of commands) socket.write(`${JSON.stringify(command)}\n`)
    for await (const line of createInterface({ input: socket })) {
      const said = JSON.parse(line)
      if (said.error) throw new Error(`${path}: ${said.error.desc}`)
      if (said.event === until || (until === 'return' && 'return' in said)) return said.return ?? said
    }
    throw new Error(`${path}: closed before ${until}`)
  } finally {
    socket.destroy()
  }
}
