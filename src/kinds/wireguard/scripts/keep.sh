#!/bin/sh
# Keeps a file as it was before a step. The first copy stays: a second attempt would only see our own changes.
# Prints "<sha256 or absent> <words>".
# Arguments: directory to keep it in, path, words to keep with it.
set -eu
umask 077
sum() {
  if [ -e "$1" ]; then sha256sum <"$1" | cut -c 1-64; else echo absent; fi
}
d=$1 p=$2 w=$3
if ! [ -e "$d/kept" ]; then
  mkdir -p -- "$d"
  [ ! -e "$p" ] || cp -p -- "$p" "$d/before"
  echo "$(sum "$p") $w" >"$d/kept.part"
  sync -- "$d"/*
  mv -f -- "$d/kept.part" "$d/kept"
  sync -- "$d"
fi
cat -- "$d/kept"
