#!/bin/sh
# Makes the interface of a tunnel anew, sets it up outside, where names resolve and its packets leave, then moves it into the
# namespace, which has no other way out. Prints what made it: kernel or wireguard-go.
# Arguments: namespace, interface, address, gateway's public key, its endpoint, networks with commas between. Input: the private key.
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
echo "$how"
