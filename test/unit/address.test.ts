import { expect, test } from 'vitest'
import { bracketed, isAddress, isIpv6 } from '../../src/model/address.ts'

test.each([
  ['10.80.1.10', true, false, '10.80.1.10'],
  ['2001:db8::10', true, true, '[2001:db8::10]'],
  ['::ffff:10.0.0.1', true, true, '[::ffff:10.0.0.1]'],
  ['10.0.0.0/8', false, false, '10.0.0.0/8'],
  ['2001:db8::/32', false, true, '2001:db8::/32'],
  ['gw.example.org', false, false, 'gw.example.org'],
  // for inet_aton an address, for a plan's host a name
  ['10', false, false, '10'],
])('%s: an address? IPv6? before a colon', (text, address, ipv6, beforeColon) => {
  expect([isAddress(text), isIpv6(text), bracketed(text)]).toEqual([address, ipv6, beforeColon])
})
