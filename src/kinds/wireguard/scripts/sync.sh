#!/bin/sh
# The running interface takes the peers of a file. No file holds the text on its way. Peers that go on as they are keep their sessions.
# Arguments: strip.awk, interface, path, public key of the only peer to take or nothing.
set -eu
c=$(awk "$1" "$3" "$4" </dev/null)
[ -n "$c" ] || { echo "$3 is empty" >&2; exit 1; }
printf '%s\n' "$c" | wg syncconf "$2" /dev/stdin
