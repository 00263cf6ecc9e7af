#!/bin/sh
# Puts back what keep-file.sh kept.
# Arguments: file, directory of what is kept.
set -eu
if [ -e "$2/before" ]; then
  t=$(mktemp -- "$1.XXXXXXXX")
  cp -aT -- "$2/before" "$t"
  sync -- "$t"
  mv -fT -- "$t" "$1"
elif [ -e "$2/absent" ]; then
  rm -f -- "$1"
fi
sync -- "$(dirname -- "$1")"
