import { expect, it } from 'vitest'
import { isLoopback, isOwnName, readAddress, written } from '../../src/server/address.ts'
import { languageOf } from '../../src/server/app.ts'

const usual = { host: '127.0.0.1', port: 8484 }

it.each([
  ['127.0.0.1:9000', { host: '127.0.0.1', port: 9000 }],
  ['[::1]:9000', { host: '::1', port: 9000 }],
  ['[::1]', { host: '::1', port: 8484 }],
  ['192.0.2.7', { host: '192.0.2.7', port: 8484 }],
  ['gateway.example:80', { host: 'gateway.example', port: 80 }],
  [':9000', { host: '127.0.0.1', port: 9000 }],
  ['127.0.0.1:65536', undefined],
  ['127.0.0.1:', undefined],
  ['http://127.0.0.1', undefined],
  ['a b', undefined],
])('--listen %s', (given, address) => {
  expect(readAddress(given, usual)).toEqual(address)
})

it('only this machine reaches an address of the loopback', () => {
  expect(['127.0.0.1', '127.3.2.1', '::1', 'localhost'].map(isLoopback)).toEqual([true, true, true, true])
  expect(['0.0.0.0', '::', '192.0.2.7', 'gateway.example'].map(isLoopback)).toEqual(Array(4).fill(false))
  expect(written({ host: '::1', port: 80 })).toBe('[::1]:80')
})

it.each([
  ['127.0.0.1:8484', '127.0.0.1', true],
  ['localhost:9000', '127.0.0.1', true],
  ['[::1]:8484', '127.0.0.1', true],
  ['evil.example', '127.0.0.1', false],
  ['localhost.evil.example:8484', '127.0.0.1', false],
  ['127.0.0.1.evil.example', '127.0.0.1', false],
  ['192.0.2.7:8484', '127.0.0.1', false],
  ['192.0.2.7:8484', '192.0.2.7', true],
  ['192.0.2.7:8484', '0.0.0.0', true],
  ['evil.example', '0.0.0.0', false],
  ['[2001:db8::7]:8484', '2001:db8:0:0::7', true],
  ['Gateway.example:8484', 'gateway.example', true],
  [undefined, '127.0.0.1', false],
  ['', '127.0.0.1', false],
])('a browser that asks %s of %s: %s', (name, host, isAnswered) => {
  expect(isOwnName(name, { host, port: 8484 })).toBe(isAnswered)
})

it.each([
  [undefined, 'fr-FR,fr;q=0.9,en;q=0.8', 'fr'],
  [undefined, 'de, en;q=0.5, fr;q=0.7', 'fr'],
  [undefined, 'fr;q=0, en', 'en'],
  [undefined, 'de', 'en'],
  [undefined, undefined, 'en'],
  ['en', 'fr', 'en'],
  ['de', 'fr', 'fr'],
] as const)('chosen %s, accepted %s: %s', (chosen, accepted, language) => {
  expect(languageOf(chosen, accepted)).toBe(language)
})
