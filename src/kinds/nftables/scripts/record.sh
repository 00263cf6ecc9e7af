#!/bin/sh
# Keeps the ruleset as it is now, unless an earlier call has; prints what is kept. Exit 9: it could not be loaded again.
# Argument: directory to keep it in.
set -eu
umask 077
mkdir -p -- "$1"
if ! [ -e "$1/before.nft" ]; then
  nft -s list ruleset >"$1/before.tmp"
  nft -c -f "$1/before.tmp" >&2 || exit 9
  sync -- "$1/before.tmp"
  mv -fT -- "$1/before.tmp" "$1/before.nft"
  sync -- "$1"
fi
cat -- "$1/before.nft"
