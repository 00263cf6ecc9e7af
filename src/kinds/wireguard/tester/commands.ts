import type { SiteSide } from '../../../model/plan.ts'

/** Where the test client's tunnel to each site lives at the tester's host. Interface names have 15 letters at most. */
export const tunnels: Record<SiteSide, { namespace: string; name: string }> = {
  source: { namespace: 'bascule-source', name: 'bascule-source' },
  target: { namespace: 'bascule-target', name: 'bascule-target' },
}

/**
 * Arguments: namespace, interface, address, gateway's public key, its endpoint, networks with commas between. Input: the
 * private key. The interface is made anew and set up outside, where names resolve and its packets leave; then it moves into
 * the namespace, which has no other way out. Prints what made it: kernel or wireguard-go.
 */
const raiseScript = `
set -eu
umask 077
n=$1 i=$2 a=$3 k=$4 e=$5 w=$6
ip -n "$n" link show >/dev/null 2>&1 || { ip netns delete "$n" 2>/dev/null || :; ip netns add "$n"; }
ip -n "$n" link delete dev "$i" 2>/dev/null || :
ip link delete dev "$i" 2>/dev/null || :
how=kernel
if ! ip link add dev "$i" type wireguard 2>/dev/null; then
  how=wireguard-go
  command -v wireguard-go >/dev/null || { echo "WireGuard is neither in the kernel nor installed as wireguard-go" >&2; exit 1; }
  s="/var/run/wireguard/$i.sock"
  rm -f -- "$s"
  env -u BASCULE_COMMAND LOG_LEVEL=silent setsid wireguard-go -f "$i" </dev/null >/dev/null 2>&1 &
  t=0
  until [ -S "$s" ] && ip link show dev "$i" >/dev/null 2>&1; do
    t=$((t + 1))
    [ "$t" -lt 100 ] || { echo "wireguard-go made no interface" >&2; exit 1; }
    sleep 0.1
  done
fi
cat | wg set "$i" private-key /dev/stdin peer "$k" endpoint "$e" allowed-ips "$w"
ip link set dev "$i" netns "$n"
ip -n "$n" address add "$a" dev "$i"
ip -n "$n" link set dev lo up
ip -n "$n" link set dev "$i" up
IFS=,
for one in $w; do ip -n "$n" route replace "$one" dev "$i"; done
echo "$how"`

/** Arguments: namespace, interface. wireguard-go ends when its interface goes. */
const lowerScript = `
set -eu
n=$1 i=$2
ip -n "$n" link delete dev "$i" 2>/dev/null || :
ip link delete dev "$i" 2>/dev/null || :
[ ! -e "/run/netns/$n" ] || ip netns delete "$n"`

const sh = (script: string, ...values: string[]): string[] => ['sh', '-c', script, 'bascule', ...values]

export type TunnelEnd = { address: string; publicKey: string; endpoint: string; within: string[] }

export const raiseTunnel = (side: SiteSide, { address, publicKey, endpoint, within }: TunnelEnd): string[] =>
  sh(
    raiseScript,
    ...[tunnels[side].namespace, tunnels[side].name, address, publicKey, endpoint, within.join(',')],
  )
export const lowerTunnel = (side: SiteSide): string[] =>
  sh(lowerScript, tunnels[side].namespace, tunnels[side].name)

const inside = (side: SiteSide): string[] => ['ip', 'netns', 'exec', tunnels[side].namespace]
/** A public key, a tab, address and port. */
export const tunnelEndpoint = (side: SiteSide): string[] => [
  ...[...inside(side), 'wg', 'show', tunnels[side].name, 'endpoints'],
]

export type Question = { url: string; host: string | undefined; seconds: number }
/** Prints the answer's head. Neither configuration nor proxy of the host's has a say. */
const curl = ({ url, host, seconds }: Question): string[] => [
  ...['curl', '-q', '--silent', '--show-error', '--noproxy', '*', '--max-time', String(seconds)],
  ...['--output', '/dev/null', '--dump-header', '-'],
  ...(host === undefined ? [] : ['--header', `Host: ${host}`]),
  ...['--', url],
]
export const askThrough = (side: SiteSide, question: Question): string[] => [
  ...inside(side),
  ...curl(question),
]
export const askWithout = (question: Question): string[] => curl(question)

const toolsScript = `
set -eu
for one in curl wg ip; do command -v "$one" >/dev/null || echo "$one"; done
if [ -e /sys/module/wireguard ] || modprobe -n wireguard >/dev/null 2>&1; then exit 0; fi
command -v wireguard-go >/dev/null || echo wireguard-go`
/** Prints what the tester's host lacks, a program a line. */
export const missingTools = (): string[] => sh(toolsScript)
