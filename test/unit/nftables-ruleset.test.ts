import { describe, expect, it } from 'vitest'
import { hasTable, withoutTable, withTable } from '../../src/kinds/nftables/actions/persist.ts'
import { holds, plainNetwork } from '../../src/kinds/nftables/cidr.ts'
import { mergedPorts } from '../../src/kinds/nftables/render.ts'
import {
  droppingElsewhere,
  loadText,
  notRestored,
  restoreText,
  tablesOf,
} from '../../src/kinds/nftables/ruleset.ts'

const filter = `table inet filter {
	chain input {
		type filter hook input priority filter; policy drop;
		iifname { "lo" } accept
	}

	chain output {
		type filter hook output priority filter; policy drop;
	}
}
`
const nat = `table ip nat {
	chain prerouting {
		type nat hook prerouting priority dstnat; policy accept;
	}
}
`
const own =
  'table inet bascule {\n\tchain input {\n\t\ttype filter hook input priority filter; policy drop;\n\t}\n}\n'

describe('a ruleset as it is listed', () => {
  it('is its tables, byte for byte', () => {
    const tables = tablesOf(filter + nat)
    expect(tables.map(({ text }) => text).join('')).toBe(filter + nat)
    expect(tables.map(({ family, name }) => `${family} ${name}`)).toEqual(['inet filter', 'ip nat'])
    expect(tablesOf('')).toEqual([])
  })

  it('tells where else packets are dropped on their way in or through', () => {
    expect(droppingElsewhere(filter + nat + own)).toEqual([
      { table: 'inet filter', chain: 'input', hook: 'input' },
    ])
  })
})

describe('what is loaded', () => {
  it('is one transaction that replaces ours, or all', () => {
    expect(loadText(own, 'own-table')).toBe(`add table inet bascule\ndelete table inet bascule\n${own}`)
    expect(loadText(own, 'ruleset')).toBe(`flush ruleset\n${own}`)
  })

  it('is taken back to what was listed; others’ tables are touched only where the ruleset was replaced', () => {
    expect(restoreText(filter, 'own-table')).toBe('add table inet bascule\ndelete table inet bascule\n')
    expect(restoreText(filter + own, 'own-table')).toBe(
      `add table inet bascule\ndelete table inet bascule\n${own}`,
    )
    expect(restoreText(filter, 'ruleset')).toBe(
      `add table inet bascule\ndelete table inet bascule\nadd table inet filter\ndelete table inet filter\n${filter}`,
    )
  })

  it('counts as taken back when every table is there as it was, and ours is not', () => {
    expect(notRestored(filter + nat, filter + nat, 'ruleset')).toEqual([])
    expect(notRestored(filter + nat, filter, 'ruleset')).toEqual(['ip nat'])
    expect(notRestored(filter + nat, filter, 'own-table')).toEqual([])
    expect(notRestored(filter, filter + own, 'own-table')).toEqual(['inet bascule'])
    expect(notRestored(filter, nat + filter, 'ruleset')).toEqual([])
  })
})

describe('the file loaded at boot', () => {
  it.each(['', '#!/usr/sbin/nft -f\nflush ruleset\n', 'flush ruleset # no line break at its end'])(
    'gets our table at its end, and is afterwards as before: %j',
    file => {
      const written = withTable(file, 'firewall', own, 'own-table')
      expect(written.startsWith(file)).toBe(true)
      expect(hasTable(written, 'firewall', own, 'own-table')).toBe(true)
      expect(hasTable(file, 'firewall', own, 'own-table')).toBe(false)
      expect(withTable(written, 'firewall', own, 'own-table')).toBe(written)
      expect(withoutTable(written, 'firewall')).toBe(file)
      expect(withoutTable(`${written}# by hand\n`, 'firewall')).toBe(`${file}# by hand\n`)
    },
  )

  it('is ours alone where the ruleset is replaced', () => {
    expect(withTable(filter, 'firewall', own, 'ruleset')).not.toContain('inet filter')
  })
})

describe('figures', () => {
  it('of ports stand in order and never overlap', () => {
    expect(mergedPorts([80, '60000-60050', 22, '60040-60060', 81, 80])).toEqual([
      '22',
      '80-81',
      '60000-60060',
    ])
  })

  it.each([
    ['10.8.0.0/16', '10.8.12.1', true],
    ['10.8.0.0/16', '10.9.12.1', false],
    ['10.8.0.0/16', '10.8.3.0/24', true],
    ['10.8.3.0/24', '10.8.0.0/16', false],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['2001:db8::/32', '2001:DB8:0:1::7', true],
    ['2001:db8::/32', '2001:db9::', false],
    ['::/0', '::1', true],
  ])('of networks: %s holds %s: %s', (network, inner, expected) => {
    expect(holds(network, inner)).toBe(expected)
  })

  it('of networks are written in one way', () => {
    expect(plainNetwork('10.8.12.1/24')).toBe('10.8.12.0/24')
    expect(plainNetwork('10.8.12.1')).toBe('10.8.12.1/32')
    expect(plainNetwork('2001:DB8::1/64')).toBe('2001:db8:0:0:0:0:0:0/64')
  })
})
