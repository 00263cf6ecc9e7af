#!/bin/sh
# Writes a configuration, with the keys of the one that it replaces. Mode and owner stay; a new file is root's alone. What a kill
# leaves beside it has one name, and goes with the next attempt. Ends with 3 when the file is another by now. Prints the new SHA-256.
# Arguments: keys.awk, path, SHA-256 that it must have now (or absent), directory of what is kept. Input: the text, and a full stop.
set -eu
umask 077
sum() {
  if [ -e "$1" ]; then sha256sum <"$1" | cut -c 1-64; else echo absent; fi
}
a=$1 p=$2 was=$3 d=$4
old=$p
[ -e "$p" ] || old=/dev/null
t=$p.bascule-new k=$d/key
rm -f -- "$t" "$k"
trap 'rm -f -- "$t" "$k"' EXIT
wg genkey >"$k"
awk "$a" fill "$old" "$k" >"$t"
if [ "$(sum "$p")" != "$was" ]; then echo "it was changed meanwhile" >&2; exit 3; fi
if [ -e "$p" ]; then chown --reference="$p" -- "$t"; chmod --reference="$p" -- "$t"; fi
sync -- "$t"
sum "$t" >"$d/after.part"
sync -- "$d/after.part"
mv -f -- "$d/after.part" "$d/after"
mv -fT -- "$t" "$p"
sync -- "$(dirname -- "$p")"
cat -- "$d/after"
