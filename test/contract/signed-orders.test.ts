import { execFileSync, spawn } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { OrderRecord } from '../../src/model/event.ts'
import { exitCodes } from '../../src/model/failure.ts'
import { sendRecord } from '../../src/run/orders.ts'
import { readRecords } from '../../src/run/stored-runs.ts'
import { signerOf, signText } from '../../src/transport/ssh-signatures.ts'
import { CommandLine, documentOf } from '../helpers/command-line.ts'
import { makeKeys, planOfTwoPeople, publicKeyIn } from '../helpers/signing-people.ts'
import { startSshd, type TestSshd } from '../helpers/transport-sshd.ts'
import { until } from '../helpers/until.ts'

/** Both sites are this machine; the keys are people's own, made by OpenSSH, and checked by it. */
const name = `signed-contract-${process.pid}`
const line = new CommandLine()
const at = (path: string): string => join(line.home, path)
let sshd: TestSshd

const keyOf = (person: string): string => publicKeyIn(line.home, person)

beforeAll(async () => {
  sshd = await startSshd()
  makeKeys(line.home, 'claire', 'paul', 'stranger')
  writeFileSync(
    at('plan.yaml'),
    planOfTwoPeople(line.home, {
      ...{ name, title: 'Signed' },
      ssh: `{configFile: ${sshd.configFile}, connectTimeout: 30 s}`,
    }),
  )
  expect(await type('replicate')).toMatchObject({ exitCode: exitCodes.ok })
  const night = await type('run', '--at', 'now', '--without-rehearsal', 'a test', '--no-wait')
  expect(night.exitCode).toBe(exitCodes.waitingForPerson)
})
afterAll(async () => {
  rmSync(`/var/lib/bascule/${name}`, { recursive: true, force: true })
  await sshd?.stop()
})

const type = (verb: string, ...argv: string[]) =>
  line.type(verb, ...argv, '--plan', at('plan.yaml'), '--state', at('state'), '--json')
const entries = () => readRecords(at('state')).entries
const said = ({ stdout, stderr }: { stdout: string; stderr: string }): string => stderr + stdout

describe('a night whose orders are signed', () => {
  test.each([
    ['without a key', [], 'No ssh key of the plan'],
    ['with a key that the plan does not name', ['--key', at('stranger')], 'does not name the key'],
    ['with the key of another role', ['--key', at('paul')], 'does not have the role lead'],
    ['with a file that is no key', ['--key', at('plan.yaml')], 'cannot be used'],
  ])('a GO %s is refused, and nothing is written', async (_, argv, why) => {
    const before = entries().length
    const typed = await type('go', '--as', 'lead', '--by', 'Claire Martin', ...argv)
    expect([exitCodes.failure, exitCodes.usage]).toContain(typed.exitCode)
    expect(said(typed)).toContain(why)
    expect(documentOf(await type('status'))).toMatchObject({ signatures: 'required', ordersStored: [] })
    expect(entries()).toHaveLength(before)
  })

  test('one put into the inbox by other means is refused by the run, which goes on', async () => {
    const run = readRecords(at('state')).history.runs.at(-1)?.id ?? ''
    const forged = {
      at: new Date().toISOString(),
      by: 'Claire Martin',
      order: { do: 'go', role: 'lead' },
    } as const
    const text = '{"bascule":"order"}'
    const signed = { text, signatures: [await signText(text, at('claire'))] }
    sendRecord(at('state'), run, { id: 'unsigned', ...forged })
    sendRecord(at('state'), run, { id: 'of-another-text', ...forged, signed })
    expect((await type('resume', '--no-wait')).exitCode).toBe(exitCodes.waitingForPerson)
    const refused = entries().flatMap(({ event }) => (event.type === 'order.refused' ? event.why.key : []))
    expect(refused).toEqual(['run.order.unsigned', 'run.order.signedOther'])
  })

  test('what needs two people counts for nothing before the second key', async () => {
    const ask = (and: string) =>
      type(
        'go-on',
        ...['--without', 'source', '--reason', 'fire', '--isolated', 'power', '--and-by', and],
        ...['--key', at('claire')],
      )
    const stranger = await ask('Nora Weil')
    expect([stranger.exitCode, said(stranger)]).toEqual([
      exitCodes.usage,
      expect.stringContaining('no ssh key of Nora Weil'),
    ])
    const first = await ask('Paul Roux')
    expect([first.exitCode, documentOf(first).accepted]).toEqual([exitCodes.waitingForPerson, null])
    expect(documentOf(await type('status')).ordersStored).toMatchObject([{ by: 'Claire Martin' }])
    await type('resume', '--no-wait')
    const before = entries().filter(({ event }) => event.type.startsWith('order.')).length
    expect(before).toBe(2)
    const twice = await type('countersign', '--key', at('claire'))
    expect([twice.exitCode, said(twice)]).toEqual([
      exitCodes.failure,
      expect.stringContaining('not of Paul Roux’s key'),
    ])
    // with both it is judged as every order is
    const second = await type('countersign', '--key', at('paul'))
    expect([second.exitCode, said(second)]).toEqual([
      exitCodes.failure,
      expect.stringContaining('The target does not hold everything yet'),
    ])
  })

  test('each GO counts by the key of its person, whatever name is typed; the journal says so, and is proof', async () => {
    const first = await type('go', '--as', 'lead', '--by', 'somebody', '--key', at('claire'))
    expect([first.exitCode, documentOf(first).order]).toEqual([
      exitCodes.waitingForPerson,
      expect.objectContaining({ by: 'Claire Martin' }),
    ])
    await type('resume', '--no-wait')
    // Paul's private key is in ~/.ssh of the control host
    mkdirSync(at('.ssh'), { mode: 0o700 })
    copyFileSync(at('paul'), at('.ssh/id_ed25519'))
    copyFileSync(at('paul.pub'), at('.ssh/id_ed25519.pub'))
    expect((await type('go', '--as', 'dba')).exitCode).toBe(exitCodes.waitingForPerson)
    expect(documentOf(await type('resume', '--no-wait')).outcome).toBe('moved')
    const received = entries().flatMap(({ event }) => (event.type === 'order.received' ? event.order : []))
    expect(received.map(({ by }) => by)).toEqual(['Claire Martin', 'Paul Roux'])
    for (const { signed } of received)
      expect(
        signerOf(signed?.text ?? '', signed?.signatures[0] ?? '', [keyOf('claire'), keyOf('paul')]),
      ).toBeDefined()
    const report = await type('report')
    expect(documentOf(report)).toMatchObject({ signatures: 'required' })
  })

  test('one that is delivered again changes nothing', async () => {
    const run = readRecords(at('state')).history.runs.at(-1)?.id ?? ''
    const [received] = entries().flatMap(({ event }) => (event.type === 'order.received' ? event.order : []))
    const before = entries().filter(({ event }) => event.type.startsWith('order.')).length
    sendRecord(at('state'), run, received as OrderRecord)
    expect(JSON.stringify(documentOf(await type('status')).ordersStored)).not.toContain(received?.id)
    expect(entries().filter(({ event }) => event.type.startsWith('order.'))).toHaveLength(before)
  })
})

describe('the end of the migration', () => {
  const closing = () => readRecords(at('state')).history.runs.find(({ mode }) => mode === 'close')
  const close = (...argv: string[]) => type('close', ...argv)
  const closesStored = async (): Promise<number> => {
    const stored = documentOf(await type('status')).ordersStored as OrderRecord[]
    return stored.filter(({ order }) => order.do === 'close').length
  }

  test('is ordered by a person of the plan; with a second one named, by both, and begins then', async () => {
    expect((await close('--key', at('stranger'))).exitCode).toBe(exitCodes.usage)
    const first = await close('--and-by', 'Paul Roux', '--key', at('claire'))
    expect([first.exitCode, documentOf(first).accepted]).toEqual([exitCodes.waitingForPerson, null])
    expect(await closesStored()).toBe(1)
    expect(said(await type('countersign', '--key', at('claire')))).toContain('not of Paul Roux’s key')
    expect(closing()).toBeUndefined()
    const second = await type('countersign', '--key', at('paul'))
    expect([second.exitCode, documentOf(second).outcome]).toEqual([exitCodes.ok, 'closed'])
    const received = entries().flatMap(({ event }) =>
      event.type === 'order.received' && event.order.order.do === 'close' ? event.order : [],
    )
    expect(received).toMatchObject([
      { by: 'Claire Martin', order: { final: { steps: [], and: 'Paul Roux' } } },
    ])
    const { text, signatures } = received[0]?.signed ?? { text: '', signatures: [] }
    expect(signatures.map(one => signerOf(text, one, [keyOf('claire'), keyOf('paul')]))).toEqual([
      keyOf('claire'),
      keyOf('paul'),
    ])
    expect(await closesStored()).toBe(0)
  })

  test('another machine takes the journal over by the signature of a person of the plan', async () => {
    const take = (...argv: string[]) =>
      line.type(
        ...['takeover', '--from', 'alpha', '--yes', '--plan', at('plan.yaml'), '--state', at('second')],
        ...argv,
      )
    expect((await take('--by', 'Claire Martin', '--key', at('stranger'))).exitCode).toBe(exitCodes.usage)
    expect(existsSync(at('second'))).toBe(false)
    expect((await take('--key', at('claire'))).exitCode).toBe(exitCodes.ok)
    const last = readRecords(at('second')).entries.at(-1)?.event
    expect(last).toMatchObject({ type: 'order.received', order: { by: 'Claire Martin' } })
    const { signed } = last?.type === 'order.received' ? last.order : { signed: undefined }
    expect(JSON.parse(signed?.text ?? '{}')).toMatchObject({ order: { do: 'takeover', from: 'alpha' } })
    expect(signerOf(signed?.text ?? '', signed?.signatures[0] ?? '', [keyOf('claire')])).toBeDefined()
  })
})

describe('an agent', () => {
  test('signs with a key whose private half Bascule never sees', async () => {
    const socket = at('agent.sock')
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' })
    const before = process.env.SSH_AUTH_SOCK
    try {
      process.env.SSH_AUTH_SOCK = socket
      await until(() => existsSync(socket))
      execFileSync('ssh-add', ['-q', at('claire')], { stdio: 'ignore' })
      writeFileSync(at('half.pub'), `${keyOf('claire')}\n`)
      const signature = await signText('a text', at('half.pub'))
      expect(signerOf('a text', signature, [keyOf('paul'), keyOf('claire')])).toBe(keyOf('claire'))
      expect(signerOf('another text', signature, [keyOf('claire')])).toBeUndefined()
    } finally {
      if (before === undefined) delete process.env.SSH_AUTH_SOCK
      else process.env.SSH_AUTH_SOCK = before
      agent.kill()
    }
  })
})
