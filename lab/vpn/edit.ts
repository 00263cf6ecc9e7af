/** Changes to a file in wg-quick's format whose sections stand apart by an empty line. */

/** Without the peer below the comment `# name`. Throws when there is none. */
export function withoutPeer(configuration: string, name: string): string {
  const sections = configuration.split(/\n{2,}/)
  const kept = sections.filter(section => !section.split('\n').includes(`# ${name}`))
  if (kept.length === sections.length) throw new Error(`no peer is called ${name}`)
  return `${kept.join('\n\n').trimEnd()}\n`
}

/** Throws when there is no key to replace. */
export function withPrivateKey(configuration: string, privateKey: string): string {
  if (!privateKeyLine.test(configuration)) throw new Error('the configuration has no private key')
  return configuration.replace(privateKeyLine, `PrivateKey = ${privateKey}`)
}

const privateKeyLine = /^PrivateKey *=.*$/m
