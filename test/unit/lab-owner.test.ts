import { expect, it } from 'vitest'
import { isAlive } from '../../lab/hosts/processes.ts'
import { ownerOfLabs, ownName } from '../../lab/owner.ts'

it.each(['files', 'wireguard-of-both-sites'])('%s becomes a name that a lab may have, and stays it', name => {
  const own = ownName(name)
  // what lab/state.ts lets a lab be called
  expect(own).toMatch(/^[a-z0-9][a-z0-9-]{0,19}$/)
  expect(own).toMatch(new RegExp(`^${name.slice(0, 15)}-[a-z]{4}$`))
  expect(ownName(own)).toBe(own)
})

it('labs go with this process, and not with one that ended', () => {
  ownName('files')
  const owner = ownerOfLabs() ?? expect.fail('no owner')
  expect(owner.pid).toBe(process.pid)
  expect(isAlive(owner)).toBe(true)
  expect(isAlive({ ...owner, startedAt: '1' })).toBe(false)
  expect(ownerOfLabs({})).toBeUndefined()
})
