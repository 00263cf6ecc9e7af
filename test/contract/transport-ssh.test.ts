import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Failure } from '../../src/model/failure.ts'
import type { HostClock } from '../../src/model/host-clock.ts'
import type { ChangeIo } from '../../src/model/io.ts'
import { compareClocks } from '../../src/run/host-clocks.ts'
import { createRedactor } from '../../src/transport/redact.ts'
import { openTransport, type Transport } from '../../src/transport/transport.ts'
import { startSshd, type TestSshd } from '../helpers/transport-sshd.ts'
import { until } from '../helpers/until.ts'

/** Other runs on this machine do the same: what is looked for among all processes and files has this number. */
const own = process.pid
const names = ['alpha', 'beta', 'silent', 'stranger', 'nobody']
const redactor = createRedactor()
let sshd: TestSshd
let transport: Transport
let io: ChangeIo

function open(): Promise<Transport> {
  return openTransport({
    hosts: Object.fromEntries(names.map(ssh => [ssh, { ssh, address: '127.0.0.1', become: 'runuser' }])),
    ssh: { configFile: sshd.configFile, connectTimeoutSeconds: 3 },
    redactor,
  })
}
const work = (key: string, signal = new AbortController().signal): ChangeIo =>
  transport.ioFor({ key: ownKey(key), signal })
const ownKey = (key: string) => `${key} of ${own}`
const failureOf = async (call: Promise<unknown>): Promise<Failure> => {
  const failure = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(failure).toBeInstanceOf(Failure)
  return failure as Failure
}
/** The processes of this machine whose arguments are exactly these (the lab's host is this machine). */
async function running(...argv: string[]): Promise<number> {
  const { stdout } = await io.local(['pgrep', '-xfc', argv.join(' ')], { allowFailure: true })
  return Number(stdout)
}

beforeAll(async () => {
  sshd = await startSshd()
  transport = await open()
  io = work('all')
})
afterAll(async () => {
  await transport?.close()
  await sshd?.stop()
})

describe('a command at a host', () => {
  test('gets its arguments, its input and its locale exactly, and gives back output and exit code', async () => {
    const argv = ['printf', '%s|', "it's", '$HOME', '*', 'two words', '', '\n', 'é', '-n']
    expect((await io.read('alpha', argv)).stdout).toBe("it's|$HOME|*|two words||\n|é|-n|")
    expect((await io.read('alpha', ['cat'], { input: 'a\0b\né' })).stdout).toBe('a\0b\né')
    expect((await io.read('alpha', ['sh', '-c', 'echo $LC_ALL $PWD'])).stdout).toBe('C.UTF-8 /\n')
    const script = ['sh', '-c', 'echo out; echo err >&2; exit 7']
    expect(await io.read('alpha', script, { allowFailure: true })).toEqual({
      exitCode: 7,
      stdout: 'out\n',
      stderr: 'err\n',
    })
  })

  test('tells the time of its host, compared with this machine’s', async () => {
    const compared = await compareClocks(['alpha', 'silent'], io)
    const { clock } = compared.alpha as { clock: HostClock }
    // one machine, one clock; instants have milliseconds
    expect(Math.abs(clock.aheadSeconds)).toBeLessThanOrEqual(clock.withinSeconds + 0.002)
    expect(compared.silent).toHaveProperty('why')
  })

  test('is a program, even where the shell has a builtin of that name', async () => {
    expect((await failureOf(io.read('alpha', ['exit', '0']))).text.key).toBe('transport.programMissing')
  })

  test('an exit code of 255 of its own is not taken for a broken connection', async () => {
    const result = await io.read('alpha', ['sh', '-c', 'echo mine >&2; exit 255'], { allowFailure: true })
    expect(result).toEqual({ exitCode: 255, stdout: '', stderr: 'mine\n' })
  })

  test('runs as another user', async () => {
    expect((await io.read('alpha', ['id', '-un'], { asUser: 'postgres' })).stdout).toBe('postgres\n')
    expect((await io.local(['id', '-un'], { asUser: 'postgres' })).stdout).toBe('postgres\n')
  })

  test('its lines are told as they come, those ended by a carriage return too', async () => {
    const lines: string[] = []
    await io.read('alpha', ['printf', '1%%\\r2%%\\rdone\\nlast'], { onLine: line => lines.push(line) })
    expect(lines).toEqual(['1%', '2%', 'done', 'last'])
  })

  test('a large output comes whole', async () => {
    const { stdout } = await io.read('alpha', ['seq', '1', '300000'])
    expect(stdout.split('\n').length).toBe(300_001)
    expect(stdout.endsWith('300000\n')).toBe(true)
  })

  test('its failure names host, program and last words, never the arguments', async () => {
    const failure = await failureOf(
      io.change('alpha', ['sh', '-c', 'echo no room left >&2; exit 3', 'hunter2']),
    )
    expect(failure.text).toEqual({
      key: 'transport.commandFailed',
      values: { host: 'alpha', program: 'sh', exitCode: 3, detail: 'no room left' },
    })
    expect(JSON.stringify(failure.text)).not.toContain('hunter2')
  })

  test('a secret among its last words is hidden, not in its output', async () => {
    redactor.add('canary-4711')
    expect((await io.read('alpha', ['echo', 'canary-4711'])).stdout).toBe('canary-4711\n')
    const failure = await failureOf(io.read('alpha', ['sh', '-c', 'echo got canary-4711 >&2; exit 1']))
    expect(failure.text.values?.detail).toBe('got […]')
    expect(failure.message).not.toContain('canary')
  })

  test('many at once share one connection', async () => {
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) => io.read('beta', ['echo', `${index}`])),
    )
    expect(results.map(result => Number(result.stdout))).toEqual(
      Array.from({ length: 20 }, (_, index) => index),
    )
  })
})

describe('a host that cannot be used', () => {
  test.each([
    ['silent', 'transport.unreachable', /^ssh -F \S+ silent true$/],
    ['nobody', 'transport.refused', /^ssh -F \S+ nobody true$/],
    ['stranger', 'transport.hostKeyUnknown', /^ssh -o StrictHostKeyChecking=ask -F \S+ stranger true$/],
  ])('%s is told as %s with what to type', async (host, key, command) => {
    const failure = await failureOf(io.read(host, ['true']))
    expect(failure.text.key).toBe(key)
    expect(failure.remedy?.values?.command).toMatch(command)
  })

  test('connect tells each host apart', async () => {
    const states = await transport.connect()
    expect(
      Object.entries(states).map(([host, failure]) => [host, (failure as Failure | undefined)?.text.key]),
    ).toEqual([
      ['alpha', undefined],
      ['beta', undefined],
      ['silent', 'transport.unreachable'],
      ['stranger', 'transport.hostKeyUnknown'],
      ['nobody', 'transport.refused'],
    ])
  })

  test('a name the plan does not have is refused', async () => {
    expect((await failureOf(io.read('elsewhere', ['true']))).text.key).toBe('transport.unknownHost')
  })
})

describe('a command that must end', () => {
  test('abort ends it at the host with its children', async () => {
    const stop = new AbortController()
    const call = failureOf(
      work('abort', stop.signal).change('alpha', ['sh', '-c', `sleep 4711.${own} & sleep 4711.${own}`]),
    )
    await until(async () => (await running('sleep', `4711.${own}`)) === 2)
    stop.abort(new Error('deadline'))
    const failure = await call
    expect(failure.text.key).toBe('transport.aborted')
    expect((failure.cause as Error).message).toBe('deadline')
    expect(await running('sleep', `4711.${own}`)).toBe(0)
  })

  test('a timeout ends it even when it does not listen to TERM, at the host and here', async () => {
    const deaf = ['sh', '-c', `trap "" TERM; sleep 4712.${own}; sleep 4712.${own}`]
    const failures = await Promise.all([
      failureOf(io.change('alpha', deaf, { timeoutSeconds: 0.3 })),
      failureOf(io.changeLocal(deaf, { timeoutSeconds: 0.3 })),
    ])
    expect(failures.map(failure => failure.text.key)).toEqual(['transport.timedOut', 'transport.timedOut'])
    expect(await running('sleep', `4712.${own}`)).toBe(0)
  })

  test('an abort before it starts never starts it', async () => {
    const gone = work('never', AbortSignal.abort(new Error('stop')))
    for (const call of [gone.change('alpha', ['touch', `/tmp/bascule-never-${own}`]), gone.local(['true'])])
      expect((await failureOf(call)).text.key).toBe('transport.aborted')
    await expect(stat(`/tmp/bascule-never-${own}`)).rejects.toThrow('ENOENT')
  })

  test('when the abort is told, what had closed its output is gone too', async () => {
    const stop = new AbortController()
    const quiet = ['sh', '-c', `trap "" TERM; exec >/dev/null 2>&1; sleep 4720.${own}; sleep 4720.${own}`]
    const call = failureOf(work('quiet', stop.signal).change('alpha', quiet))
    await until(async () => (await running('sleep', `4720.${own}`)) === 1)
    stop.abort()
    await call
    expect(await running('sleep', `4720.${own}`)).toBe(0)
  })

  test('an abort while it starts leaves nothing running', async () => {
    const stops = [0, 5, 20, 40, 60, 80, 100, 130].map(async milliseconds => {
      const stop = new AbortController()
      const call = failureOf(work('race', stop.signal).change('alpha', ['sleep', `4713.${own}`]))
      await wait(milliseconds)
      stop.abort()
      await call
    })
    await Promise.all(stops)
    await until(async () => (await running('sleep', `4713.${own}`)) === 0)
  })

  test('closing the transport ends what it runs', async () => {
    const other = await open()
    const endless = ['sh', '-c', `trap "" TERM; exec >/dev/null 2>&1; sleep 4721.${own}; sleep 4721.${own}`]
    const here = other.ioFor({ key: ownKey('close'), signal: new AbortController().signal })
    const calls = Promise.all([
      failureOf(here.change('alpha', endless)),
      failureOf(here.changeLocal(endless)),
    ])
    await until(async () => (await running('sleep', `4721.${own}`)) === 2)
    await other.close()
    expect((await calls).map(failure => failure.text.key)).toEqual(['transport.aborted', 'transport.aborted'])
    expect(await running('sleep', `4721.${own}`)).toBe(0)
  })

  test('what a killed orchestrator left is found by its key and ended; other work goes on', async () => {
    const orchestrator = spawn(process.execPath, [
      new URL('../helpers/transport-orchestrator.ts', import.meta.url).pathname,
      sshd.configFile,
      ownKey('night/files.seed'),
      `4714.${own}`,
    ])
    const stop = new AbortController()
    const otherWork = Promise.allSettled([
      work('night/other', stop.signal).change('alpha', ['sleep', `4715.${own}`]),
    ])
    const started = async () =>
      (await running('sleep', `4714.${own}`)) === 2 && (await running('sleep', `4715.${own}`)) === 1
    await until(started)
    const died = once(orchestrator, 'exit')
    orchestrator.kill('SIGKILL')
    await died
    expect(await started()).toBe(true)
    const next = await open()
    try {
      expect((await readdir(tmpdir())).filter(name => name.includes(`-${orchestrator.pid}-`))).toEqual([])
      const ended = await next.killOrphanedCommands(ownKey('night/files.seed'), ['alpha'])
      // Host and orchestrator are one machine here, so either of the two may have found them.
      expect(new Set(ended.map(({ pid }) => pid)).size).toBe(2)
      expect(await running('sleep', `4714.${own}`)).toBe(0)
      expect(await running('sleep', `4715.${own}`)).toBe(1)
      expect(await next.killOrphanedCommands(ownKey('night/files.seed'), ['alpha'])).toEqual([])
    } finally {
      await next.close()
      stop.abort()
      await otherWork
    }
  })

  test('a process that merely has the remembered number is left alone', async () => {
    const hash = createHash('sha256').update(ownKey('reused')).digest('hex').slice(0, 16)
    const pidFile = `/run/bascule/${hash}.0123456789ab.pid`
    const stop = new AbortController()
    const innocent = ['sh', '-c', `ps -o sid= -p $$ >"$1"; exec sleep 4716.${own}`, 'sh', pidFile]
    const settled = Promise.allSettled([work('innocent', stop.signal).changeLocal(innocent)])
    await until(async () => (await running('sleep', `4716.${own}`)) === 1)
    expect(await transport.killOrphanedCommands(ownKey('reused'), ['alpha'])).toEqual([])
    expect(await running('sleep', `4716.${own}`)).toBe(1)
    await expect(stat(pidFile)).rejects.toThrow('ENOENT')
    stop.abort()
    await settled
    expect(await running('sleep', `4716.${own}`)).toBe(0)
  })

  test('a daemon that a command started is not part of it', async () => {
    const stop = new AbortController()
    const starter = ['sh', '-c', `setsid -f sleep 4718.${own} >/dev/null 2>&1; sleep 4719.${own}`]
    const settled = Promise.allSettled([work('daemon', stop.signal).change('alpha', starter)])
    await until(async () => (await running('sleep', `4719.${own}`)) === 1)
    stop.abort()
    await settled
    expect(await running('sleep', `4719.${own}`)).toBe(0)
    expect(await running('sleep', `4718.${own}`)).toBe(1)
    await io.local(['pkill', '-xf', `sleep 4718.${own}`])
  })
})

describe('a file written', () => {
  const path = `/tmp/bascule-write-test-${own}`
  test('has its content, mode and owner, and replaces the one before', async () => {
    try {
      await io.writeFile('alpha', path, 'first', { mode: '0600' })
      await io.writeFile('alpha', path, "second 'é'\n", { mode: '0640', owner: 'postgres:postgres' })
      expect(await readFile(path, 'utf8')).toBe("second 'é'\n")
      expect((await io.local(['stat', '-c', '%U:%G %a', path])).stdout).toBe('postgres:postgres 640\n')
    } finally {
      await rm(path, { force: true })
    }
  })

  test('a place that is not there is told, and nothing is left', async () => {
    const failure = await failureOf(io.writeFile('alpha', '/nowhere/file', 'x', { mode: '0600' }))
    expect(failure.text.values?.detail).toMatch(/No such file or directory/)
  })
})

test('the log tells reading from changing', async () => {
  const before = transport.changes()
  await io.read('alpha', ['true'])
  await io.local(['true'])
  expect(transport.changes()).toBe(before)
  await io.change('alpha', ['true'])
  expect(transport.changes()).toBe(before + 1)
  expect(transport.calls().at(-1)).toEqual({ does: 'change', method: 'change', where: 'alpha', what: 'true' })
})

test('a connection that breaks is told, and the next command has a new one', async () => {
  const ofBeta = `^ssh -F ${sshd.configFile} .*-f -N -- beta$`
  const call = failureOf(io.read('beta', ['sleep', `4717.${own}`]))
  await until(async () => (await running('sleep', `4717.${own}`)) === 1)
  const { stdout } = await io.local(['pgrep', '-f', ofBeta], { allowFailure: true })
  const masters = stdout.split('\n').filter(Boolean).map(Number)
  for (const pid of masters) process.kill(pid, 'SIGKILL')
  expect((await call).text.key).toBe('transport.unreachable')
  expect((await io.read('beta', ['echo', 'again'])).stdout).toBe('again\n')
  const renewed = await io.local(['pgrep', '-fc', ofBeta], { allowFailure: true })
  expect(Number(renewed.stdout)).toBe(1)
  await transport.killOrphanedCommands(ownKey('all'), ['beta'])
  expect(await running('sleep', `4717.${own}`)).toBe(0)
})

test('another host key is refused, and the remedy is the command that ssh names', async () => {
  await transport.close()
  await sshd.replaceHostKey()
  transport = await open()
  io = work('changed')
  const failure = await failureOf(io.read('alpha', ['true']))
  expect(failure.text.key).toBe('transport.hostKey')
  expect(failure.remedy?.values?.command).toMatch(/^ssh-keygen -f .*known_hosts.* -R .*alpha/)
})
