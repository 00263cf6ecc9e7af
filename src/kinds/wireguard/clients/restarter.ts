import { endpointOf } from './notes.ts'

/**
 * WireGuard resolves its endpoint's name once, when the tunnel comes up. A tunnel in use renews its handshake every two
 * minutes; 135 s without one mean that nobody answers at the address it knows.
 */
export const silentSeconds = 135

const program = 'wireguard-resolve-again'

/** The program, constant: what it needs comes as arguments. POSIX sh, wg. */
export const restarterScript = `#!/bin/sh
# Resolves the name of a WireGuard endpoint again once its gateway has been silent: the gateway may have moved.
# Arguments: interface, the gateway's public key, its endpoint (name:port), seconds of silence (${silentSeconds}).
# Run it every half minute, as root: by ${program}.timer, or by the line in ${program}.cron.
set -eu
interface=\${1:?interface} key=\${2:?public key} endpoint=\${3:?name:port} silent=\${4:-${silentSeconds}}
last=$(wg show "$interface" latest-handshakes | while read -r peer at; do
  if [ "$peer" = "$key" ]; then echo "$at"; fi
done)
[ -n "$last" ] || { echo "$interface has no peer $key" >&2; exit 1; }
[ $(($(date +%s) - last)) -ge "$silent" ] || exit 0
exec wg set "$interface" peer "$key" endpoint "$endpoint"
`

export type RestarterOf = { interface: string; gatewayKey: string; endpoint: string; port: number }

/** What a client by name installs so that it follows the name: file name → its text. The script is to be made executable. */
export function restarterFiles(of: RestarterOf): Record<string, string> {
  const path = `/usr/local/sbin/${program}`
  const line = `${path} ${of.interface} ${of.gatewayKey} ${endpointOf(of.endpoint, of.port)}`
  const install = `# First: install -m 0755 ${program} ${path}`
  return {
    [program]: restarterScript,
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
