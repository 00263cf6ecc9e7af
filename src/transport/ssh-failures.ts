import { Failure } from '../model/failure.ts'
import type { SshSettings } from '../model/plan.ts'
import type { Text } from '../model/text.ts'
import { lastLines } from './lines.ts'
import { quoteArgv } from './quote.ts'
import { sshByHand } from './ssh-commands.ts'

/** What ssh's own failure (exit 255) means, read from its messages. */
export function sshFailure(host: string, settings: SshSettings, stderr: string): Failure {
  const values = { host, detail: lastLines(stderr) }
  const tryIt: Text = { key: 'transport.remedy.type', values: { command: sshByHand(host, settings) } }
  if (/REMOTE HOST IDENTIFICATION HAS CHANGED|Offending .* key in/.test(stderr)) {
    const command = forgetKey(stderr) ?? quoteArgv(['ssh-keygen', '-R', host])
    return new Failure(
      { key: 'transport.hostKey', values },
      { remedy: { key: 'transport.remedy.hostKey', values: { command } }, code: 'host-key' },
    )
  }
  if (/Host key verification failed|No .* host key is known/.test(stderr)) {
    const command = sshByHand(host, settings).replace(/^ssh /, 'ssh -o StrictHostKeyChecking=ask ')
    return new Failure(
      { key: 'transport.hostKeyUnknown', values },
      { remedy: { key: 'transport.remedy.hostKeyUnknown', values: { command } }, code: 'host-key' },
    )
  }
  if (/Permission denied|Too many authentication failures|no matching .* method/i.test(stderr))
    return new Failure({ key: 'transport.refused', values }, { remedy: tryIt, code: 'refused' })
  return new Failure({ key: 'transport.unreachable', values }, { remedy: tryIt, code: 'unreachable' })
}

/**
 * The command that ssh itself proposes, for it knows the file. What a jump host printed is in the same output: only two plain words,
 * a path and a name, are taken from it. ssh-keygen changes no file that does not hold host keys.
 */
function forgetKey(stderr: string): string | undefined {
  const proposed = /^\s*ssh-keygen -f ["']?(\/[\w/.@+-]+)["']? -R ["']?([\w.:[\]-]+)["']?\s*$/m.exec(stderr)
  return proposed?.[1] && proposed[2] && quoteArgv(['ssh-keygen', '-f', proposed[1], '-R', proposed[2]])
}
