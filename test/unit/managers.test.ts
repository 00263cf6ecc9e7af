import { describe, expect, it } from 'vitest'
import { managerOf, managers } from '../../src/kinds/kit/managers.ts'

const said = (stdout: string) => ({ exitCode: 0, stdout, stderr: '' })

describe('runit', () => {
  const { runit } = managers
  it.each([
    ['run: auth: (pid 42) 7s; run: log: (pid 41) 9s', { installed: true, running: true, enabled: true }],
    ['run: auth: (pid 42) 7s, normally down', { installed: true, running: true, enabled: false }],
    ['run: auth: (pid 42) 7s, got TERM, want down', { installed: true, running: true, enabled: true }],
    ['finish: auth: (pid 42) 1s', { installed: true, running: true, enabled: true }],
    ['down: auth: 0s, normally up, want up', { installed: true, running: true, enabled: true }],
    ['down: auth: 0s, want up', { installed: true, running: true, enabled: false }],
    ['down: auth: 3s', { installed: true, running: false, enabled: false }],
    [
      'down: auth: 3s; run: log: (pid 41) 9s, normally up',
      { installed: true, running: false, enabled: false },
    ],
    ['down: auth: 3s, normally up', { installed: true, running: false, enabled: true }],
    [
      'fail: auth: unable to change to service directory: file does not exist',
      { installed: false, running: false, enabled: false },
    ],
    ['', { installed: false, running: false, enabled: false }],
  ])('reads "%s"', (stdout, state) => {
    expect(runit.readState(said(`${stdout}\n`))).toEqual(state)
  })

  it('reads a unit as sv does: a name under /etc/service, or a path', () => {
    expect(runit.disable('auth')).toEqual(['touch', '--', '/etc/service/auth/down'])
    expect(runit.enable('/srv/sv/auth')).toEqual(['rm', '-f', '--', '/srv/sv/auth/down'])
    expect(runit.log('/srv/sv/auth', 5)).toEqual(['tail', '-n', '5', '--', '/var/log/auth/current'])
    expect(runit.stop('auth', 2.5)).toEqual(['sv', '-w', '3', 'stop', '/etc/service/auth'])
  })
})

describe('systemd', () => {
  const { systemd } = managers
  const show = (load: string, active: string, file: string) =>
    said(`LoadState=${load}\nActiveState=${active}\nUnitFileState=${file}\n`)
  it.each([
    ['loaded', 'active', 'enabled', { installed: true, running: true, enabled: true }],
    ['loaded', 'inactive', 'disabled', { installed: true, running: false, enabled: false }],
    ['loaded', 'failed', 'enabled-runtime', { installed: true, running: false, enabled: true }],
    ['loaded', 'deactivating', 'enabled', { installed: true, running: true, enabled: true }],
    ['not-found', 'inactive', '', { installed: false, running: false, enabled: false }],
    ['masked', 'inactive', 'masked', { installed: false, running: false, enabled: false }],
  ])('reads %s, %s, %s', (load, active, file, state) => {
    expect(systemd.readState(show(load, active, file))).toEqual(state)
  })
})

it('finds the manager that a plan names', () => {
  expect(managerOf({ systemd: 'auth.service' })).toEqual({ manager: managers.systemd, unit: 'auth.service' })
})

it.each(Object.entries(managers))(
  '%s passes a unit as one word, after what ends options or under a path',
  (_name, manager) => {
    const argvs = [manager.status, manager.start, manager.enable, manager.disable].map(argv => argv('a-unit'))
    for (const argv of [...argvs, manager.stop('a-unit', 3)])
      expect(argv.filter(word => word.includes('a-unit'))).toHaveLength(1)
  },
)
