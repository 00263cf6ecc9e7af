#!/bin/sh
# Prints "absent", or "<sha256> <mode> <user>:<group>" and the text of a configuration without its keys.
# Arguments: keys.awk, path.
set -eu
sum() {
  if [ -e "$1" ]; then sha256sum <"$1" | cut -c 1-64; else echo absent; fi
}
s=$(sum "$2")
if [ "$s" = absent ]; then echo absent; exit 0; fi
echo "$s $(stat -c '%a %U:%G' -- "$2")"
o=0
[ "$(tail -c 1 -- "$2" | wc -l)" -eq 1 ] || o=1
exec awk "$1" hide "$2" "$o" </dev/null
