#!/bin/sh
# Looks the endpoints that are names up again when their peer has been silent, which WireGuard itself never does.
# usage: reresolve.sh INTERFACE SILENT_SECONDS EVERY_SECONDS
# After the idea of wireguard-tools' reresolve-dns, which takes 135 s: WireGuard renews a tunnel that lives every 120 s.
set -eu
interface=$1 silent=$2 every=$3
while sleep "$every"; do
  # PUBLIC-KEY ENDPOINT of every peer that has both
  awk '/^\[/ { key = "" }
    sub(/^PublicKey *= */, "") { key = $1 }
    sub(/^Endpoint *= */, "") && key { print key, $1 }' "/etc/wireguard/$interface.conf" |
    while read -r key endpoint; do
      last=$(wg show "$interface" latest-handshakes | awk -v key="$key" '$1 == key { print $2 }')
      [ -n "$last" ] && [ $(($(date +%s) - last)) -gt "$silent" ] || continue
      # No name server for the moment: the next round asks again.
      WG_ENDPOINT_RESOLUTION_RETRIES=0 wg set "$interface" peer "$key" endpoint "$endpoint" || true
    done
done
