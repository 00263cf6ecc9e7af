import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { AnyAction } from '../../src/kinds/kit/kind-parts.ts'
import { changePve, progressOf, taskErrorOf } from '../../src/kinds/proxmox-vm/client/change.ts'
import { guestOf, utf8Of } from '../../src/kinds/proxmox-vm/client/guest.ts'
import { keepingTasks } from '../../src/kinds/proxmox-vm/client/kept-tasks.ts'
import {
  agentEnabled,
  cardsOf,
  diskSizeBytes,
  disksOf,
  parsePropertyString,
  printPropertyString,
} from '../../src/kinds/proxmox-vm/client/property-string.ts'
import { readPve } from '../../src/kinds/proxmox-vm/client/read.ts'
import { PveRefusal, refusalOf } from '../../src/kinds/proxmox-vm/client/refusal.ts'
import { proxmoxVm } from '../../src/kinds/proxmox-vm/facts.ts'
import { Failure } from '../../src/model/failure.ts'
import type { ChangeIo } from '../../src/model/io.ts'
import { recordingIo } from '../doubles/recording.ts'
import { type Answer, onHttp } from '../doubles/recording-answers.ts'
import { askedOf, at, data, secrets, taskAnswers, upid } from '../helpers/proxmox-api.ts'

const ioWith = (...answers: Answer[]) => recordingIo({ secrets, answers })
const failureOf = (call: Promise<unknown>): Promise<Failure> =>
  call.then(
    () => expect.unreachable(),
    thrown => thrown,
  )

describe('what PVE refuses is kept whole', () => {
  const refusedWith = (status: number, message: string, errors?: Record<string, string>) =>
    failureOf(
      changePve(
        at,
        ioWith(onHttp(/./, { status, body: { data: null, message, ...(errors ? { errors } : {}) } })),
      ).configure({
        onboot: true,
      }),
    )

  test.each([
    [400, 'parameters'],
    [401, 'unauthorised'],
    [403, 'forbidden'],
    [500, 'refused'],
    [501, 'unknownCall'],
    [595, 'proxy'],
    [596, 'proxy'],
  ])('%i', async (status, name) => {
    const failure = await refusedWith(status, 'words of PVE\n')
    expect(failure.text.key).toBe(`proxmox-vm.api.${name}`)
    expect(failure.remedy?.key).toBe(`proxmox-vm.api.${name}.remedy`)
    expect(failure.text.values?.message).toBe('words of PVE')
    expect(failure.text.values?.path).toBe('/nodes/toulouse/qemu/101/config')
    expect(refusalOf(failure)).toMatchObject({ status })
  })

  test('with what it says of each parameter', async () => {
    const errors = { onboot: 'type check (‘boolean’) failed', vmid: 'too small' }
    const failure = await refusedWith(400, 'Parameter verification failed.\n', errors)
    expect(failure.cause).toBeInstanceOf(PveRefusal)
    expect((failure.cause as PveRefusal).errors).toEqual(errors)
    expect(failure.text.values?.message).toBe(
      'Parameter verification failed. onboot: type check (‘boolean’) failed vmid: too small',
    )
  })

  test('from the words beside the status where there is no body, as for a wrong token', async () => {
    const io = ioWith(onHttp(/./, { status: 401, reason: 'Authentication failed!', body: '' }))
    const failure = await failureOf(readPve(at, io).version())
    expect(failure.text.values).toMatchObject({
      message: 'Authentication failed!',
      token: 'bascule@pve!move',
    })
    expect(JSON.stringify([failure.text, failure.remedy])).not.toContain(Object.values(secrets)[0])
  })

  test('another server is told as one', async () => {
    const failure = await failureOf(readPve(at, ioWith(onHttp(/./, { body: '<html>' }))).version())
    expect(failure.text.key).toBe('proxmox-vm.api.noPve')
  })
})

describe('a task', () => {
  const startAnswer = onHttp(/POST .*start$/, data(upid))
  /** Its status and its log as they are when asked for the nth time. */
  function running(states: { lines: number; exit?: string }[], texts: string[]) {
    let asked = -1
    const state = () => states[Math.min(asked, states.length - 1)]
    return [
      startAnswer,
      onHttp(/\/status$/, () => {
        asked++
        const exit = state()?.exit
        const more = exit === undefined ? { status: 'running' } : { status: 'stopped', exitstatus: exit }
        return data({ ...more, type: 'qmstart', id: '101' })
      }),
      onHttp(/\/log/, call => {
        const start = Number(askedOf(call).params.start)
        const lines = texts.map((t, index) => ({ n: index + 1, t })).slice(start, state()?.lines)
        return data(lines.length === 0 ? [{ n: 1, t: 'no content' }] : lines)
      }),
    ]
  }

  test('is followed to its end, each line told once, in order', async () => {
    const io = ioWith(
      ...running([{ lines: 0 }, { lines: 1 }, { lines: 1 }, { lines: 3, exit: 'OK' }], ['a', 'b', 'TASK OK']),
    )
    const end = await changePve(at, io).start()
    expect(end).toEqual({ upid, exitStatus: 'OK', warnings: [], lastLines: ['a', 'b', 'TASK OK'] })
    expect(io.progress.map(({ note }) => note)).toEqual(['a', 'b', 'TASK OK'])
  })

  test('with a log longer than one answer is read whole', async () => {
    const lines = Array.from({ length: 1203 }, (_, index) => `line ${index}`)
    const io = ioWith(startAnswer, ...taskAnswers('OK', lines))
    const end = await changePve(at, io).start()
    expect(io.progress).toHaveLength(1203)
    expect(end.lastLines.at(-1)).toBe('line 1202')
  })

  test('that ends in WARNINGS has ended well; its warnings are kept', async () => {
    const lines = ['WARN: no efidisk', 'ok', 'TASK WARNINGS: 1']
    const end = await changePve(at, ioWith(startAnswer, ...taskAnswers('WARNINGS: 1', lines))).start()
    expect([end.exitStatus, end.warnings]).toEqual(['WARNINGS: 1', ['WARN: no efidisk']])
  })

  test('is kept in the result of the step that asked for it', async () => {
    const started = proxmoxVm.action({
      name: 'any',
      touches: ['target'],
      result: z.object({ bytes: z.number() }),
      plan: () => expect.unreachable(),
      isDone: async () => false,
      apply: async (_, io) => {
        await changePve(at, io.at('target')).start()
        return { bytes: 7 }
      },
    })
    const unasked = proxmoxVm.action({ ...started, apply: async () => ({ bytes: 0 }) })
    const applying = (action: AnyAction, io: ChangeIo) =>
      keepingTasks(action).apply({} as never, { ...io, at: () => io } as never)
    const io = ioWith(startAnswer, ...taskAnswers('WARNINGS: 1', ['WARN: no efidisk', 'TASK WARNINGS: 1']))
    const kept = {
      type: 'qmstart',
      upid,
      exitStatus: 'WARNINGS: 1',
      warnings: ['WARN: no efidisk'],
      lastLines: ['WARN: no efidisk', 'TASK WARNINGS: 1'],
    }
    expect(await applying(started, io)).toEqual({ bytes: 7, tasks: [kept] })
    expect(await applying(unasked, io)).toEqual({ bytes: 0 })
  })

  test.each(['no space left on device', 'unexpected status', 'WARNINGS: many'])(
    'that ends with “%s” has failed',
    async exit => {
      const failure = await failureOf(changePve(at, ioWith(startAnswer, ...taskAnswers(exit, ['x']))).start())
      expect(failure.text.values).toMatchObject({ exitStatus: exit, type: 'qmstart', id: '101', log: 'x' })
      expect(failure.remedy?.values).toEqual({ ssh: 'toulouse-hypervisor', upid })
      expect(taskErrorOf(failure)).toMatchObject({ message: exit, upid })
    },
  )

  test('goes on while the API is away for a moment', async () => {
    let times = 0
    const away = new Failure({ key: 'transport.http.failed' }, { code: 'no-answer' })
    const io = ioWith(
      startAnswer,
      onHttp(/\/status$/, () => {
        times++
        if (times === 2) return away
        if (times === 3) return { status: 595, reason: 'Connection refused' }
        return data({ status: times > 4 ? 'stopped' : 'running', ...(times > 4 ? { exitstatus: 'OK' } : {}) })
      }),
      onHttp(/\/log/, data([])),
    )
    expect(await changePve(at, io).start()).toMatchObject({ exitStatus: 'OK' })
    expect(times).toBe(5)
  })

  test('is given up when the API stays away, or refuses the token', async () => {
    const silent = ioWith(
      startAnswer,
      onHttp(/\/status$/, new Failure({ key: 'transport.http.failed' }, { code: 'no-answer' })),
    )
    const before = Date.parse(silent.now())
    expect((await failureOf(changePve(at, silent).start())).text.key).toBe('transport.http.failed')
    expect((Date.parse(silent.now()) - before) / 1000).toBeGreaterThan(60)
    const refused = ioWith(startAnswer, onHttp(/\/status$/, { status: 401, reason: 'No ticket' }))
    expect((await failureOf(changePve(at, refused).start())).text.key).toBe('proxmox-vm.api.unauthorised')
    expect(refused.calls).toHaveLength(2)
  })

  test('is stopped at the hypervisor when the attempt is aborted', async () => {
    const stop = new AbortController()
    const io = recordingIo({
      secrets,
      signal: stop.signal,
      answers: [
        startAnswer,
        onHttp(/\/status$/, () => {
          stop.abort(new Error('deadline'))
          return data({ status: 'running' })
        }),
        onHttp(/DELETE .*\/tasks\//, data(null)),
      ],
    })
    const failure = await failureOf(changePve(at, io).start())
    expect(failure.text.key).toBe('transport.aborted')
    expect(io.transcript().at(-1)).toBe(
      `http DELETE https://10.80.2.60:8006/api2/json/nodes/toulouse/tasks/${encodeURIComponent(upid)}`,
    )
  })
})

describe('the guest', () => {
  test('silent, off or without an agent does not answer; another refusal is not silence', async () => {
    const answers = (message: string, status = 500) =>
      guestOf(at, ioWith(onHttp(/agent\/info/, { status, body: { data: null, message } }))).answers()
    expect(await answers('QEMU guest agent is not running\n')).toBe(false)
    expect(await answers('VM 101 is not running\n')).toBe(false)
    expect(await answers('No QEMU guest agent configured\n')).toBe(false)
    await expect(answers('Permission check failed (/vms/101, VM.GuestAgent.Audit)\n', 403)).rejects.toThrow()
  })

  test('runs a program to its end', async () => {
    let asked = 0
    const io = ioWith(
      onHttp(/agent\/exec$/, data({ pid: 42 })),
      onHttp(/exec-status/, call => {
        expect(askedOf(call).params.pid).toBe('42')
        return data(
          ++asked < 3 ? { exited: 0 } : { exited: 1, exitcode: 3, 'out-data': 'Ã©', 'err-data': 'no' },
        )
      }),
    )
    const end = await guestOf(at, io).run(['sh', '-c', 'exit 3'], { timeoutSeconds: 10 })
    expect(end).toEqual({ exitCode: 3, stdout: 'é', stderr: 'no' })
    const exec = io.calls.find(call => call.method === 'http' && call.request.method === 'POST')
    expect(exec?.method === 'http' && exec.request.body).toBe('command=sh&command=-c&command=exit+3')
  })

  test('a program that a signal ended, and one that does not end', async () => {
    const exec = onHttp(/agent\/exec$/, data({ pid: 42 }))
    const killed = ioWith(exec, onHttp(/exec-status/, data({ exited: 1, signal: 9 })))
    expect((await guestOf(at, killed).run(['x'], { timeoutSeconds: 1 })).exitCode).toBe(137)
    const endless = ioWith(exec, onHttp(/exec-status/, data({ exited: 0 })))
    const failure = await failureOf(guestOf(at, endless).run(['sleep', '9'], { timeoutSeconds: 5 }))
    expect(failure.text).toMatchObject({
      key: 'proxmox-vm.guest.tooLong',
      values: { program: 'sleep', seconds: 5 },
    })
  })

  test('text is read as it was meant, however PVE gave its bytes', () => {
    expect(['plain', 'cafÃ©', 'café', '東京', 'caf\u00e9 東'].map(utf8Of)).toEqual([
      'plain',
      'café',
      'café',
      '東京',
      'café 東',
    ])
  })

  test('a file is written as bytes, whatever its letters', async () => {
    const io = ioWith(onHttp(/file-write/, data(null)))
    await changePve(at, io).writeGuestFile('/etc/motd', 'été\n')
    const call = io.calls[0]
    const { params } = call?.method === 'http' ? askedOf(call) : { params: {} as Record<string, string> }
    expect(params.encode).toBe('0')
    expect(Buffer.from(String(params.content), 'base64').toString('utf8')).toBe('été\n')
  })
})

describe('settings as PVE writes them', () => {
  const config = {
    scsi0: 'local:101/vm-101-disk-0.qcow2,discard=on,size=512M',
    ide2: 'local:iso/debian.iso,media=cdrom,size=600M',
    efidisk0: 'local:101/vm-101-disk-1.qcow2,size=528K',
    net0: 'virtio=BC:24:11:0A:01:1E,bridge=vmbr0,tag=20,firewall=1',
    net1: 'model=e1000,macaddr=BC:24:11:0A:01:1F,bridge=vmbr1',
    scsihw: 'virtio-scsi-single',
  }
  test('disks and cards', () => {
    expect(disksOf(config).map(({ slot, storage, volume }) => [slot, storage, volume])).toEqual([
      ['scsi0', 'local', 'local:101/vm-101-disk-0.qcow2'],
      ['efidisk0', 'local', 'local:101/vm-101-disk-1.qcow2'],
    ])
    expect(cardsOf(config)).toMatchObject([
      { slot: 'net0', model: 'virtio', mac: 'BC:24:11:0A:01:1E', bridge: 'vmbr0', vlan: 20 },
      { slot: 'net1', model: 'e1000', mac: 'BC:24:11:0A:01:1F', bridge: 'vmbr1' },
    ])
  })
  test('sizes in powers of 1024, and what is no size', () => {
    expect(['512M', '32G', '528K', '1T', '2048', '', 'big', undefined].map(diskSizeBytes)).toEqual([
      512 * 1024 ** 2,
      32 * 1024 ** 3,
      528 * 1024,
      1024 ** 4,
      2048,
      undefined,
      undefined,
      undefined,
    ])
  })
  test('read and written again they are the same', () => {
    for (const text of Object.values(config).slice(0, 4))
      expect(printPropertyString(parsePropertyString(text, 'file'), 'file')).toBe(text)
  })
  test.each([
    ['1', true],
    ['enabled=1,fstrim_cloned_disks=1', true],
    ['0', false],
    ['', false],
  ])('agent: %s', (agent, expected) => {
    expect(agentEnabled({ agent })).toBe(expected)
  })
})

test.each([
  ['INFO:  12% (1.2 GiB of 10.0 GiB) in 3s', 1.2 * 1024 ** 3, 10 * 1024 ** 3],
  ['drive-scsi0: transferred 64.0 MiB of 512.0 MiB (12.50%) in 4s', 64 * 1024 ** 2, 512 * 1024 ** 2],
])('%s', (line, done, total) => {
  expect(progressOf(line)).toEqual({ bytesDone: Math.round(done), bytesTotal: total, note: line })
  expect(progressOf('starting')).toEqual({ note: 'starting' })
})
