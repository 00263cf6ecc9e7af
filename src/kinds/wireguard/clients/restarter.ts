import { script } from '../../kit/script.ts'
import { endpointOf } from './notes.ts'

const program = 'wireguard-resolve-again'

/**
 * WireGuard resolves its endpoint's name once, when the tunnel comes up. A tunnel in use renews its handshake every two
 * minutes; 135 s without one mean that nobody answers at the address it knows. What the program needs comes as arguments.
 */
export const resolveAgain = script(import.meta.dirname, '../scripts/resolve-again.sh')

export type RestarterOf = { interface: string; gatewayKey: string; endpoint: string; port: number }

/** What a client by name installs so that it follows the name: file name → its text. The script is to be made executable. */
export function restarterFiles(of: RestarterOf): Record<string, string> {
  const path = `/usr/local/sbin/${program}`
  const line = `${path} ${of.interface} ${of.gatewayKey} ${endpointOf(of.endpoint, of.port)}`
  const install = `# First: install -m 0755 ${program} ${path}`
  return {
    [program]: resolveAgain.text(),
    [`${program}.service`]: [
      `${install}`,
      `# Then: install -m 0644 ${program}.service ${program}.timer /etc/systemd/system/ && systemctl enable --now ${program}.timer`,
      '[Unit]',
      'Description=Resolve the WireGuard endpoint again when its gateway is silent',
      '[Service]',
      'Type=oneshot',
      `ExecStart=${line}`,
      '',
    ].join('\n'),
    [`${program}.timer`]: [
      '[Unit]',
      'Description=Every half minute: is the WireGuard gateway silent?',
      '[Timer]',
      'OnBootSec=30s',
      'OnUnitActiveSec=30s',
      'AccuracySec=1s',
      '[Install]',
      'WantedBy=timers.target',
      '',
    ].join('\n'),
    [`${program}.cron`]: [
      `${install}`,
      `# Then: install -m 0644 ${program}.cron /etc/cron.d/${program}`,
      `* * * * * root ${line}`,
      `* * * * * root sleep 30; ${line}`,
      '',
    ].join('\n'),
  }
}
