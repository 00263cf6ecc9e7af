#!/bin/sh
# Makes a tunnel that runs what its file now says, without a cut for the peers that stay. One that is down stays down.
# usage: reload.sh INTERFACE
set -eu
interface=$1
configuration=$(wg-quick strip "$interface")
if wg show "$interface" >/dev/null 2>&1; then
  printf '%s\n' "$configuration" | wg syncconf "$interface" /dev/stdin
fi
