#!/bin/sh
# One WireGuard interface, from /etc/wireguard/INTERFACE.conf (wg-quick's format), in the foreground for a service manager.
# usage: tunnel.sh INTERFACE
# As wg-quick does it, but with WireGuard in user space: the kernel here has none. PreUp, PostUp and the like are not run.
set -eu
interface=$1
configuration=$(wg-quick strip "$interface")
addresses=$(sed -n 's/^Address *= *//p' "/etc/wireguard/$interface.conf" | tr , ' ')

WG_PROCESS_FOREGROUND=1 wireguard-go -f "$interface" &
daemon=$!
# It takes its interface along when it ends: wait, or the next start would meet it.
finish() { kill "$daemon" 2>/dev/null || true; wait "$daemon" || true; }
trap finish EXIT
trap 'exit 0' TERM INT HUP

while ! wg show "$interface" >/dev/null 2>&1; do
  kill -0 "$daemon" 2>/dev/null || exit 1
  sleep 0.1
done
# Endpoints that are names are looked up here and never again. One that is not found is tried at the next start.
printf '%s\n' "$configuration" | WG_ENDPOINT_RESOLUTION_RETRIES=0 wg setconf "$interface" /dev/stdin
for address in $addresses; do ip address add "$address" dev "$interface"; done
ip link set "$interface" up
# A route for whatever a peer is allowed, unless the interface's own network covers it.
for network in $(wg show "$interface" allowed-ips | cut -f 2-); do
  [ "$network" = '(none)' ] && continue
  [ -n "$(ip route show dev "$interface" match "$network")" ] || ip route add "$network" dev "$interface"
done
wait "$daemon"
