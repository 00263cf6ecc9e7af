import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { until } from './until.ts'

/** An sshd of our own on a loopback port, with keys of its own. Needs root: sshd logs in as root. */
export type TestSshd = {
  directory: string
  configFile: string
  port: number
  /** Gives the server another host key, as if the machine had been replaced. */
  replaceHostKey(): Promise<void>
  stop(): Promise<void>
}

/**
 * `alpha` and `beta` are the same machine; `silent` is a closed port; `stranger` has no known key; `nobody` has no login.
 * `within`: what sshd is started by, as `unshare`; it must become sshd.
 */
export async function startSshd(within: string[] = []): Promise<TestSshd> {
  const directory = temporaryFolder('sshd')
  const at = (name: string): string => join(directory, name)
  chmodSync(directory, 0o700)
  if (!existsSync('/run/sshd')) mkdirSync('/run/sshd', { mode: 0o755 })
  const [port, closedPort] = [await freePort(), await freePort()]
  makeKey(at('client'))
  makeKey(at('host'))
  writeFileSync(at('authorized'), readFileSync(at('client.pub')), { mode: 0o600 })
  writeFileSync(
    at('sshd_config'),
    `Port ${port}\nListenAddress 127.0.0.1\nHostKey ${at('host')}\nAuthorizedKeysFile ${at('authorized')} .ssh/authorized_keys\n` +
      `PermitRootLogin prohibit-password\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n` +
      `UsePAM no\nPidFile none\nStrictModes no\nMaxSessions 50\nMaxStartups 50\nAcceptEnv LANG LANGUAGE\n` +
      // Keeps bash from reading this machine's own .bashrc for every command.
      'SetEnv SHLVL=5\n',
  )
  const key = readFileSync(at('host.pub'), 'utf8').split(' ').slice(0, 2).join(' ')
  writeFileSync(
    at('known_hosts'),
    ['alpha', 'beta', 'silent', 'nobody'].map(name => `${name} ${key}\n`).join(''),
  )
  writeFileSync(
    at('ssh_config'),
    `Host silent\n  Port ${closedPort}\nHost nobody\n  User nobody\n` +
      ['alpha', 'beta', 'silent', 'stranger', 'nobody']
        .map(name => `Host ${name}\n  HostKeyAlias ${name}\n`)
        .join('') +
      `Host *\n  HostName 127.0.0.1\n  Port ${port}\n  User root\n  IdentityFile ${at('client')}\n` +
      `  IdentitiesOnly yes\n  UserKnownHostsFile ${at('known_hosts')}\n  GlobalKnownHostsFile /dev/null\n`,
  )

  let server = await start()
  async function start(): Promise<ChildProcess> {
    const [program = '', ...rest] = [...within, '/usr/sbin/sshd', '-D', '-e', '-f', at('sshd_config')]
    const child = spawn(program, rest, { stdio: 'ignore' })
    await until(() => answers(port))
    return child
  }
  async function end(): Promise<void> {
    const ended = new Promise(resolve => server.once('exit', resolve))
    if (server.exitCode === null && server.kill()) await ended
  }
  return {
    directory,
    configFile: at('ssh_config'),
    port,
    async replaceHostKey() {
      await end()
      makeKey(at('host'))
      server = await start()
    },
    async stop() {
      await end()
    },
  }
}

function makeKey(file: string): void {
  rmSync(file, { force: true })
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file])
}

function answers(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1', () => resolve(true))
    socket.on('error', () => resolve(false))
    socket.on('connect', () => socket.destroy())
  })
}
