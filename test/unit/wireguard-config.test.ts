import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  profileName,
  profileOf,
  resolveAgain,
  restarterFiles,
} from '../../src/kinds/wireguard/actions/profiles.ts'
import { look, write } from '../../src/kinds/wireguard/commands.ts'
import { parseConfig } from '../../src/kinds/wireguard/config/parse.ts'
import { hasTestPeer, withoutTestPeer, withTestPeer } from '../../src/kinds/wireguard/config/test-peer.ts'
import { fingerprintOf, publicKeyOf } from '../../src/kinds/wireguard/keys.ts'
import { copyOf, presharedKeyIn, privateKeyIn } from '../../src/kinds/wireguard/target-config.ts'
import fc from '../helpers/property.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const stripProgram = readFileSync(
  join(import.meta.dirname, '../../src/kinds/wireguard/scripts/strip.awk'),
  'utf8',
)
const key = (letter: string) => `${letter.repeat(42)}8=`
const configuration = `# Passerelle des formateurs
[Interface]
Address = 10.8.0.1/24, fd00::1/64
ListenPort = 51820
PrivateKey = ${key('P')} # never shown
PostUp = iptables -A FORWARD -i %i -j ACCEPT
# PrivateKey = ${key('O')}

# Anne, comptabilité
[Peer]
PublicKey = ${key('a')}
PresharedKey=${key('S')}
AllowedIPs = 10.8.0.2/32,fd00::2/128

[Peer]
# Name = bob
publickey=${key('b')}# ${key('Q')}
AllowedIPs = 10.8.0.3/32

[peer]
PublicKey = ${key('c')}
AllowedIPs = 10.8.0.4/32`

describe('a configuration in wg-quick’s format', () => {
  it('is read with its peers by their comments', () => {
    const { peers, ...rest } = parseConfig(configuration)
    expect(peers.map(({ name }) => name)).toEqual([
      'Anne, comptabilité',
      'bob',
      `peer-${fingerprintOf(key('c')).slice(0, 8)}`,
    ])
    expect(peers[0]).toMatchObject({
      allowed: ['10.8.0.2/32', 'fd00::2/128'],
      preshared: true,
      from: 8,
      to: 13,
    })
    expect(peers[1]).toMatchObject({ publicKey: key('b'), preshared: false })
    expect(rest).toMatchObject({
      addresses: ['10.8.0.1/24', 'fd00::1/64'],
      port: 51_820,
      hooks: ['postup'],
      savesItself: false,
    })
  })

  it('has no peers where it is none', () => {
    fc.assert(fc.property(fc.string(), text => parseConfig(text).lines.join('\n') === text))
    expect(parseConfig('[Peer]\nAllowedIPs = 10.0.0.0/8').peers).toEqual([])
  })
})

describe('secrets', () => {
  const folder = temporaryFolder('wireguard')
  const path = join(folder, 'wg0.conf')
  const run = ([program = '', ...rest]: string[], input = '') =>
    execFileSync(program, rest, { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] })
  const looked = (text: string) => {
    writeFileSync(path, text)
    const answer = run(look(path))
    const end = answer.indexOf('\n')
    return { sha256: answer.slice(0, 64), text: answer.slice(end + 1).replace(/\.\n$/, '') }
  }

  it('stay at the host when a configuration is looked at; public keys do not', () => {
    const { text } = looked(configuration)
    for (const letter of 'POSQ') expect(text).not.toContain(key(letter))
    for (const letter of 'abc') expect(text).toContain(key(letter))
    expect(text).toContain('PrivateKey = (hidden-key-1) # never shown\n')
    expect(parseConfig(text).peers).toEqual(parseConfig(configuration).peers)
  })

  it('are filled in again when it is written, byte for byte, however it ends', () => {
    for (const text of [configuration, `${configuration}\n`, `${configuration}\n\n\n`, 'x', '\n', '']) {
      const { sha256, text: hidden } = looked(text)
      run(write(path, sha256, folder), `${hidden}.\n`)
      expect(readFileSync(path, 'utf8')).toBe(text)
    }
  })

  it('are filled in by number, whatever else changed; one that is not there is refused', () => {
    const { sha256, text } = looked(configuration)
    run(write(path, sha256, folder), `${text.replace(/# Anne[\s\S]*?\n\n/, '')}.\n`)
    expect(readFileSync(path, 'utf8')).toBe(configuration.replace(/# Anne[\s\S]*?\n\n/, ''))
    const now = looked(configuration).sha256
    expect(() => run(write(path, now, folder), 'PrivateKey = (hidden-key-9)\n.\n')).toThrow()
    expect(readFileSync(path, 'utf8')).toBe(configuration)
  })

  it('are never written over what someone else wrote meanwhile', () => {
    const { sha256, text } = looked(configuration)
    writeFileSync(path, 'other')
    expect(() => run(write(path, sha256, folder), `${text}.\n`)).toThrow(/meanwhile/)
    expect(readFileSync(path, 'utf8')).toBe('other')
  })

  it('are given anew in the copy for another host, and removed from its comments', () => {
    const { text } = looked(configuration)
    const copy = copyOf(text, { privateKey: key('N'), presharedKeyOf: ({ name }) => `psk of ${name}` })
    expect(copy).toBe(
      configuration
        .replace(key('P'), key('N'))
        .replace(key('S'), 'psk of Anne, comptabilité')
        .replace(key('O'), '(removed)')
        .replace(key('Q'), '(removed)'),
    )
    expect(privateKeyIn(text)).toBe('(hidden-key-1)')
    expect(presharedKeyIn(text, key('a'))).toBe('(hidden-key-3)')
    const hooked = looked(configuration.replace('iptables -A', `wg set wg0 private-key ${key('Z')}`)).text
    expect(() => copyOf(hooked, { privateKey: 'x', presharedKeyOf: () => '' })).toThrow(/strayKey.*"line":6/)
  })

  it('stripped for wg, with all peers or one alone', () => {
    const strip = (only: string) => {
      writeFileSync(path, configuration)
      return run(['awk', stripProgram, path, only])
    }
    expect(strip('')).not.toMatch(/Address|PostUp|#/)
    expect(strip('').match(/PublicKey|publickey/g)).toHaveLength(3)
    expect(strip(key('b'))).toContain(`publickey=${key('b')}\nAllowedIPs = 10.8.0.3/32`)
    expect(strip(key('b')).match(/^\[peer\]/gim)).toHaveLength(1)
  })
})

describe('the test client', () => {
  const peer = { publicKey: key('t'), address: '10.8.0.200/32' }
  it('is put into any file and taken out again exactly', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(configuration, `${configuration}\n`),
    )
    fc.assert(
      fc.property(text, before => {
        const during = withTestPeer(before, peer)
        expect(withoutTestPeer(during)).toBe(before)
        expect(hasTestPeer(during)).toBe(true)
        expect(parseConfig(during).peers.at(-1)).toMatchObject({
          publicKey: key('t'),
          allowed: ['10.8.0.200/32'],
        })
      }),
    )
    expect(hasTestPeer(configuration)).toBe(false)
  })

  it('is taken out though others wrote below it', () => {
    const during = `${withTestPeer(`${configuration}\n`, peer)}\n[Peer]\nPublicKey = ${key('d')}\n`
    expect(withoutTestPeer(during)).toBe(`${configuration}\n\n[Peer]\nPublicKey = ${key('d')}\n`)
  })
})

describe('keys', () => {
  it('give their public key as wg does, and no malformed one is shown', () => {
    const wg = { privateKey: 'YAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=' }
    expect(publicKeyOf(wg.privateKey, 'x')).toBe(
      execFileSync('wg', ['pubkey'], { input: wg.privateKey, encoding: 'utf8' }).trim(),
    )
    expect(() => publicKeyOf('c2hvcnQ=', 'vpn.privateKey')).toThrow(/vpn.privateKey/)
    expect(() => publicKeyOf('c2hvcnQ=', 'vpn.privateKey')).not.toThrow(/c2hvcnQ/)
  })
})

describe('what clients are given', () => {
  const gateway = { gatewayKey: key('G'), endpoint: 'vpn.example.org', port: 51_820 }
  const peer = { name: '../Anne, comptabilité', fingerprint: 'abcdef0123456789', allowed: ['10.8.0.2/32'] }
  it('is a profile that lacks one line, and says which', () => {
    const profile = profileOf({
      ...gateway,
      peer,
      site: 'Toulouse',
      gatewayFingerprint: '0123456789abcdef',
      within: ['10.8.0.0/24'],
      dns: [],
      presharedKey: undefined,
    })
    expect(profile.split('\n').filter(line => !line.startsWith('#'))).toEqual([
      '[Interface]',
      'PrivateKey = (the PrivateKey line of the profile you use today)',
      'Address = 10.8.0.2/32',
      '',
      '[Peer]',
      `PublicKey = ${key('G')}`,
      'AllowedIPs = 10.8.0.0/24',
      'Endpoint = vpn.example.org:51820',
      'PersistentKeepalive = 25',
      '',
    ])
    expect(profileName(peer)).toBe('Anne-comptabilit-.abcdef01.conf')
  })

  it('is a restarter that a POSIX shell reads, for timer and cron alike', () => {
    execFileSync('sh', ['-n'], { input: resolveAgain.text() })
    const files = restarterFiles({ ...gateway, interface: 'wg0' })
    const call = `/usr/local/sbin/wireguard-resolve-again wg0 ${key('G')} vpn.example.org:51820`
    expect(files['wireguard-resolve-again.service']).toContain(`ExecStart=${call}\n`)
    expect(files['wireguard-resolve-again.cron']).toContain(`* * * * * root ${call}\n`)
    expect(files['wireguard-resolve-again.timer']).toContain('OnUnitActiveSec=30s')
    expect(resolveAgain.text()).toMatch(/silent=\$\{4:-135\}/)
  })
})
