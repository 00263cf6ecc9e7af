#!/bin/sh
# Resolves the name of a WireGuard endpoint again once its gateway has been silent: the gateway may have moved.
# Arguments: interface, the gateway's public key, its endpoint (name:port), seconds of silence (135).
# Run it every half minute, as root: by wireguard-resolve-again.timer, or by the line in wireguard-resolve-again.cron.
set -eu
interface=${1:?interface} key=${2:?public key} endpoint=${3:?name:port} silent=${4:-135}
last=$(wg show "$interface" latest-handshakes | while read -r peer at; do
  if [ "$peer" = "$key" ]; then echo "$at"; fi
done)
[ -n "$last" ] || { echo "$interface has no peer $key" >&2; exit 1; }
[ $(($(date +%s) - last)) -ge "$silent" ] || exit 0
exec wg set "$interface" peer "$key" endpoint "$endpoint"
