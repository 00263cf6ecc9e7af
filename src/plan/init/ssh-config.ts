import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** `ssh`: what ssh is given. `address`: its HostName, or the name itself. */
export type SshHost = { ssh: string; address: string }

/** The hosts that the user's ssh configuration names; none when there is no such file. */
export async function knownHosts(home: string): Promise<SshHost[]> {
  try {
    return parseSshConfig(await readFile(join(home, '.ssh/config'), 'utf8'))
  } catch {
    return []
  }
}

/** Names without wildcards. The first HostName counts, as for ssh; Include and Match are not followed. */
export function parseSshConfig(text: string): SshHost[] {
  const hosts = new Map<string, SshHost>()
  let current: string[] = []
  for (const line of text.split('\n')) {
    const [, keyword = '', value = ''] = /^\s*(\w+)(?:\s+|\s*=\s*)"?([^"]*?)"?\s*$/.exec(line) ?? []
    if (/^match$/i.test(keyword)) current = []
    if (/^host$/i.test(keyword)) {
      current = value.split(/\s+/).filter(name => /^[\w][\w.@-]*$/.test(name) && !hosts.has(name))
      for (const name of current) hosts.set(name, { ssh: name, address: name })
    }
    if (/^hostname$/i.test(keyword) && /^[A-Za-z0-9:][\w.:-]*$/.test(value)) {
      for (const name of current) hosts.set(name, { ssh: name, address: value })
      current = []
    }
  }
  return [...hosts.values()]
}
