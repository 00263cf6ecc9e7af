import { describe, expect, it } from 'vitest'
import { adding, answerOf, expecting, replacing, script } from '../../src/kinds/dns/providers/rfc2136.ts'
import { absoluteName, plainData, sameData, txtData } from '../../src/kinds/dns/record-data.ts'
import fc from '../helpers/property.ts'

describe('names', () => {
  it.each([
    ['auth', 'auth.techcorp.test'],
    ['AUTH.paris', 'auth.paris.techcorp.test'],
    ['auth.example.', 'auth.example'],
    ['@', 'techcorp.test'],
  ])('%s is %s', (name, absolute) => {
    expect(absoluteName(name, 'TechCorp.test.')).toBe(absolute)
  })

  it('knows one address under its many spellings', () => {
    expect(plainData('AAAA', '2001:DB8:0:0::1')).toBe('2001:db8::1')
    expect(sameData('AAAA', ['2001:db8::2', '2001:db8::1'], ['2001:DB8::1', '2001:0db8:0::2'])).toBe(true)
    expect(sameData('CNAME', ['Auth.Example.'], ['auth.example'])).toBe(true)
    expect(sameData('A', ['10.0.0.1'], ['10.0.0.1', '10.0.0.2'])).toBe(false)
    expect(sameData('A', [], ['10.0.0.1'])).toBe(false)
    expect(sameData('PTR', ['Auth.Example.'], ['auth.example'])).toBe(true)
    expect(sameData('MX', ['20 b.example', '10 a.example.'], ['010  A.example', '20 b.example'])).toBe(true)
    expect(sameData('MX', ['10 a.example'], ['20 a.example'])).toBe(false)
  })

  it('knows one text under its many spellings, and cuts a long one into strings that fit', () => {
    expect(sameData('TXT', ['"v=spf1 " "-all"'], ['v=spf1 -all'])).toBe(true)
    expect(sameData('TXT', ['"a\\195\\169\\"b"'], ['aé"b'])).toBe(true)
    expect(sameData('TXT', ['"A"'], ['a'])).toBe(false)
    expect(sameData('TXT', ['""'], [''])).toBe(true)
    const long = txtData('x'.repeat(300))
    expect(long).toBe(`"${'x'.repeat(255)}" "${'x'.repeat(45)}"`)
    expect(txtData(long)).toBe(long)
    // Cut between the bytes of a letter, which is one again when read.
    expect(sameData('TXT', [txtData(`${'x'.repeat(254)}é`)], [`${'x'.repeat(254)}é`])).toBe(true)
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => sameData('TXT', [txtData(text)], [text])))
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => !/[^ -~]/.test(txtData(text))))
  })
})

describe('what nsupdate is told', () => {
  const set = { name: 'auth.techcorp.test', type: 'A', ttlSeconds: 60, data: ['10.0.0.1', '10.0.0.2'] }
  const alias = { name: 'www.techcorp.test', type: 'CNAME', ttlSeconds: 5, data: ['auth.techcorp.test'] }

  it('expects whole sets, and replaces them whole', () => {
    expect(expecting(set)).toEqual([
      'prereq yxrrset auth.techcorp.test. A 10.0.0.1',
      'prereq yxrrset auth.techcorp.test. A 10.0.0.2',
    ])
    expect(replacing(set)).toEqual([
      'update delete auth.techcorp.test. A',
      'update add auth.techcorp.test. 60 A 10.0.0.1',
      'update add auth.techcorp.test. 60 A 10.0.0.2',
    ])
    expect(adding(alias)).toEqual(['update add www.techcorp.test. 5 CNAME auth.techcorp.test.'])
    const mail = { name: 'techcorp.test', type: 'MX', ttlSeconds: 5, data: ['10 mail.example'] }
    expect(expecting(mail)).toEqual(['prereq yxrrset techcorp.test. MX 10 mail.example.'])
  })

  it('expects what is not there not to be there, and takes away what goes', () => {
    const none = { name: '12.4.80.10.in-addr.arpa', type: 'PTR', ttlSeconds: 5, data: [] }
    expect(expecting(none)).toEqual(['prereq nxrrset 12.4.80.10.in-addr.arpa. PTR'])
    expect(replacing(none)).toEqual(['update delete 12.4.80.10.in-addr.arpa. PTR'])
  })

  it('is one message, with the key on standard input', () => {
    const update = {
      server: { address: '10.80.4.54', port: 5353 },
      tsig: { name: 'bascule', algorithm: 'hmac-sha256', secret: 'file:/secret' },
    } as const
    expect(script(update, 'c2VjcmV0', 'techcorp.test', ['one', 'two'])).toBe(
      'server 10.80.4.54 5353\nzone techcorp.test.\nkey hmac-sha256:bascule c2VjcmV0\none\ntwo\nsend\n',
    )
    expect(() => script(update, 'c2VjcmV0', 'techcorp.test', ['one\nsend'])).toThrow('line break')
  })
})

describe('what nsupdate answers', () => {
  it.each([
    [0, '', 'NOERROR'],
    [2, 'update failed: NXRRSET', 'NXRRSET'],
    [2, '; TSIG error with server: tsig indicates error\nupdate failed: NOTAUTH(BADKEY)', 'BADKEY'],
    [2, 'update failed: NOTAUTH(BADSIG)', 'BADSIG'],
    [2, 'update failed: NOTAUTH', 'NOTAUTH'],
    [2, 'update failed: REFUSED', 'REFUSED'],
    [2, '; Communication with 127.0.0.1#53 failed: operation canceled', 'SILENT'],
    [1, 'could not create key from hunter2: bad base64 encoding\nsyntax error', 'BADSECRET'],
    [1, 'something new', 'UNKNOWN'],
  ])('%i, "%s": %s', (exitCode, stderr, code) => {
    const answer = answerOf({ exitCode, stdout: '', stderr }, 'hunter2')
    expect(answer.code).toBe(code)
    expect(answer.detail).not.toContain('hunter2')
  })
})

it('what nsupdate printed reads as one line, without its comment marks', () => {
  const stderr = '; Communication with 10.80.4.54#53 failed: timed out\n\nreply error'
  expect(answerOf({ exitCode: 1, stdout: '', stderr }, 'hunter2')).toEqual({
    code: 'SILENT',
    detail: 'Communication with 10.80.4.54#53 failed: timed out; reply error',
  })
})
