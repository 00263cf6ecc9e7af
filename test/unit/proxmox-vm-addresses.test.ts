import { describe, expect, it } from 'vitest'
import { readdressed } from '../../src/kinds/proxmox-vm/machine/addresses.ts'
import fc from '../helpers/property.ts'

const site = (lan: number) => ({
  address: `10.80.${lan}.30/24`,
  gateway: `10.80.${lan}.1`,
  others: { database: `10.80.${lan}.10` },
})
const [source, target] = [site(1), site(2)]

describe('addresses in a guest’s files', () => {
  it('become their twins, with and without their prefix length', () => {
    const text = 'address 10.80.1.30/24\ngateway 10.80.1.1\n10.80.1.10 database\nlisten 10.80.1.30:8080\n'
    expect(readdressed(text, source, target)).toBe(text.replaceAll('10.80.1.', '10.80.2.'))
  })

  it('are changed only where they stand whole', () => {
    const text = '10.80.1.100 10.80.1.3 110.80.1.30 10.80.1.30.5 10.80.1.12'
    expect(readdressed(text, source, target)).toBe(text)
  })

  it('are never changed twice, though a twin may be another’s source', () => {
    const swapped = { ...source, address: '10.80.1.1/24', gateway: '10.80.1.30' }
    expect(readdressed('10.80.1.30 via 10.80.1.1', source, swapped)).toBe('10.80.1.1 via 10.80.1.30')
  })

  it('come back as they were, whatever stands around them', () => {
    const word = fc.constantFrom(
      '10.80.1.30',
      '10.80.1.30/24',
      '10.80.1.1',
      '10.80.1.10',
      'auth',
      '#',
      '10.9.9.9',
    )
    fc.assert(
      fc.property(fc.array(word), fc.constantFrom(' ', '\n', '\t', ',', ':'), (words, gap) => {
        const text = words.join(gap)
        expect(readdressed(readdressed(text, source, target), target, source)).toBe(text)
      }),
    )
  })
})
