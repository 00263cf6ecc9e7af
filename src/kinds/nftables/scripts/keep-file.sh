#!/bin/sh
# Keeps a file with its mode, owner and times, or that there was none.
# Arguments: file, directory to keep it in.
set -eu
umask 077
mkdir -p -- "$2"
if [ -e "$2/before" ] || [ -e "$2/absent" ]; then exit 0; fi
if [ -e "$1" ]; then
  cp -aT -- "$1" "$2/before.tmp"
  sync -- "$2/before.tmp"
  mv -fT -- "$2/before.tmp" "$2/before"
else
  : >"$2/absent"
fi
sync -- "$2"
