import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, symlinkSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { probe } from '../../src/kinds/nftables/matrix/measure.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const server = createServer()
let open = 0
let shut = 0

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  open = (server.address() as AddressInfo).port
  const gone = createServer().listen(0, '127.0.0.1')
  await once(gone, 'listening')
  shut = (gone.address() as AddressInfo).port
  gone.close()
  await once(gone, 'close')
})
afterAll(() => {
  server.close()
})

/** A host that has these programs, and nothing else. */
function hostWith(...programs: string[]): string {
  const folder = join(temporaryFolder('probe'), 'bin')
  mkdirSync(folder)
  for (const program of ['sleep', 'pkill', ...programs]) {
    const found = execFileSync('sh', ['-c', 'command -v "$1"', 'sh', program], { encoding: 'utf8' })
    symlinkSync(found.trim(), join(folder, program))
  }
  return folder
}

function answersAt(path: string): string[] {
  const [, , text = '', ...given] = probe(1)
  const lines = [`tcp 127.0.0.1 ${open}`, `tcp 127.0.0.1 ${shut}`, `tcp 127.0.0.2 ${shut}`, 'tcp nowhere 80']
  const input = [...lines, 'icmp 127.0.0.1'].map(line => `${line}\n`).join('')
  const stdout = execFileSync('/bin/bash', ['-c', text, ...given], {
    ...{ input, encoding: 'utf8', env: { PATH: path } },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  return stdout.trim().split('\n').sort()
}

const seen = (echo: string): string[] =>
  [
    ...[`tcp 127.0.0.1 ${open} open`, `tcp 127.0.0.1 ${shut} refused`, `tcp 127.0.0.2 ${shut} refused`],
    ...['tcp nowhere 80 closed', `icmp 127.0.0.1 ${echo}`],
  ].sort()

it('one perl tries all ports; what it cannot look up is closed', () => {
  expect(answersAt(hostWith('perl'))).toEqual(seen('unknown'))
})

it('without perl bash tries each by itself, and sees the same', () => {
  expect(answersAt(hostWith())).toEqual(seen('unknown'))
})

it.runIf(process.getuid?.() === 0)('one fping sends all echoes', () => {
  expect(answersAt(hostWith('perl', 'fping'))).toEqual(seen('open'))
})
