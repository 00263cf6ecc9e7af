import { describe, expect, it } from 'vitest'
import { clientFile, gatewayFile } from '../../lab/vpn/configuration.ts'
import { withoutPeer, withPrivateKey } from '../../lab/vpn/edit.ts'

const file = gatewayFile({
  address: '10.80.6.1/24',
  port: 51_820,
  privateKey: 'gateway=',
  peers: [
    { name: 'trainer-name', publicKey: 'name=', allowedAddresses: ['10.80.6.31/32'] },
    { name: 'trainer-address', publicKey: 'address=', allowedAddresses: ['10.80.6.32/32'] },
  ],
})

describe('the VPN of the lab', () => {
  it('is written as its administrator would, with who a peer is above it', () => {
    expect(file).toBe(`[Interface]
Address = 10.80.6.1/24
ListenPort = 51820
PrivateKey = gateway=

# trainer-name
[Peer]
PublicKey = name=
AllowedIPs = 10.80.6.31/32

# trainer-address
[Peer]
PublicKey = address=
AllowedIPs = 10.80.6.32/32
`)
  })

  it('gives a trainer the gateway, by name or by address, and what to send there', () => {
    const text = clientFile({
      address: '10.80.6.31/32',
      privateKey: 'own=',
      gatewayKey: 'gateway=',
      endpoint: 'vpn.techcorp.test:51820',
      allowedAddresses: ['10.80.6.0/24', '10.80.1.0/24'],
    })
    expect(text).toContain('Endpoint = vpn.techcorp.test:51820\n')
    expect(text).toContain('AllowedIPs = 10.80.6.0/24, 10.80.1.0/24\n')
  })

  it('can be made wrong: a peer left out, another key', () => {
    const left = withoutPeer(file, 'trainer-name')
    expect(left).not.toContain('name=')
    expect(left).toContain('# trainer-address\n[Peer]\nPublicKey = address=\n')
    expect(withoutPeer(left, 'trainer-address')).toBe(`${file.split('\n\n')[0]}\n`)
    expect(() => withoutPeer(left, 'trainer-name')).toThrow('no peer is called trainer-name')
    expect(withPrivateKey(file, 'other=').split('\n')).toEqual(
      file.split('\n').map(line => (line === 'PrivateKey = gateway=' ? 'PrivateKey = other=' : line)),
    )
  })
})
