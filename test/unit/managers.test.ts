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

  it.each([
    ['run: a: (pid 42) 7s\n', { active: true, life: '42', block: 'none', said: 'run: a: (pid 42) 7s' }],
    ['run: a: (pid 42) 7s, got TERM, want down\n', { active: false, running: true }],
    ['finish: a: (pid 42) 1s\n', { active: false, running: true }],
    ['down: a: 3s\nblocked\n', { active: false, running: false, block: 'whole', said: 'down: a: 3s' }],
    ['down: a: 0s, want up\nblocked\n', { running: true, block: 'whole' }],
  ])('looks at a unit: %j', (stdout, state) => {
    expect(runit.readLook(said(stdout))).toMatchObject(state)
  })

  it('blocks a unit by putting its run aside', () => {
    expect(runit.block('/srv/sv/a').map(({ argv }) => argv)).toEqual([
      ['touch', '--', '/srv/sv/a/down'],
      ['mv', '-T', '--', '/srv/sv/a/run', '/srv/sv/a/run.blocked-by-bascule'],
    ])
    expect(runit.unblock('/srv/sv/a').map(({ argv }) => argv)).toEqual([
      ['mv', '-T', '--', '/srv/sv/a/run.blocked-by-bascule', '/srv/sv/a/run'],
    ])
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

  const refusal = '/etc/systemd/system/a.service.d/zz-blocked-by-bascule.conf'
  it.each([
    ['ActiveState=active\nSubState=running\nInvocationID=6f\nDropInPaths=\n', { active: true, life: '6f' }],
    ['ActiveState=activating\nSubState=auto-restart\n', { active: false, running: true, block: 'none' }],
    ['ActiveState=failed\nSubState=failed\n', { running: false, said: 'failed (failed)' }],
    [`DropInPaths=/etc/x.conf ${refusal}\nRefusal=written\n`, { block: 'whole' }],
    ['DropInPaths=\nRefusal=written\n', { block: 'begun' }],
    [`DropInPaths=${refusal}\n`, { block: 'whole' }],
  ])('looks at a unit: %j', (stdout, state) => {
    expect(systemd.readLook(said(stdout))).toMatchObject(state)
  })

  it.each([
    ['a', 'a.service'],
    ['a@1.service', 'a@1.service'],
    ['a.timer', 'a.timer'],
    ['a.b', 'a.b.service'],
  ])('blocks %s, which systemctl reads as %s, by a file that it is told to read', (unit, full) => {
    const file = `/etc/systemd/system/${full}.d/zz-blocked-by-bascule.conf`
    const reload = { argv: ['systemctl', 'daemon-reload'] }
    expect(systemd.block(unit)).toEqual([
      {
        argv: ['install', '-D', '-m', '0644', '--', '/dev/stdin', file],
        input: expect.stringContaining('[Unit]\nAssertPathExists=!/\n'),
      },
      reload,
    ])
    expect(systemd.unblock(unit)).toEqual([{ argv: ['rm', '-f', '--', file] }, reload])
    expect(systemd.look(unit).slice(-2)).toEqual([unit, file])
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
