import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export type RunitService = {
  name: string
  /** Run in place by runsv; it must stay in the foreground. */
  argv: readonly string[]
  environmentFile?: string
  /** Installed, but not to be started until someone says `sv up`. */
  down?: boolean
  /** What `sv stop` sends instead of TERM, where TERM would cut what is under way. */
  stopSignal?: 'QUIT'
}

const quote = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)

/** The script that runsv starts. Output goes to /var/log/<name>/current, kept small by svlogd. */
export function runScript(service: RunitService): string {
  const environment = service.environmentFile
    ? ['set -a', `. ${quote(service.environmentFile)}`, 'set +a']
    : []
  return ['#!/bin/sh', 'exec 2>&1', ...environment, `exec ${service.argv.map(quote).join(' ')}`, ''].join(
    '\n',
  )
}

/** Installs a service in a host's tree; runsvdir finds it at start, or within five seconds. */
export function installService(tree: string, service: RunitService): void {
  const directory = join(tree, 'etc/service', service.name)
  const logs = join(tree, 'var/log', service.name)
  mkdirSync(join(directory, 'log'), { recursive: true })
  mkdirSync(logs, { recursive: true })
  writeFileSync(join(directory, 'run'), runScript(service), { mode: 0o755 })
  writeFileSync(join(directory, 'log/run'), `#!/bin/sh\nexec svlogd /var/log/${service.name}\n`, {
    mode: 0o755,
  })
  if (service.stopSignal) installStop(directory, service.stopSignal)
  if (service.down) writeFileSync(join(directory, 'down'), '')
}

/** runsv asks `control/t` before it sends TERM; exit 0 says that it need not. */
function installStop(directory: string, signal: string): void {
  mkdirSync(join(directory, 'control'))
  const script = `#!/bin/sh\nexec kill -${signal} "$(cat supervise/pid)"\n`
  writeFileSync(join(directory, 'control/t'), script, { mode: 0o755 })
}
