#!/bin/sh
# Keeps a seal of the journal: a file that is never written again, named by its number of entries, and has it on the disk when it
# ends. Only of the program that may act, and only where no seal of more entries or of others stands.
#
# Arguments: directory, number, holder and lineage of the program, entries, public key. The seal is on standard input.
# Exit codes: 74 another seal stands (prints its number of entries), 75 refused (prints who may act), 76 busy, 78 who may act cannot be read.
set -eu
d=$1 number=$2 holder=$3 lineage=$4 entries=$5 key=$6
umask 022
mkdir -p -- "$d/seals"
new=$(mktemp "$d/seals/new.XXXXXXXX")
trap 'rm -f -- "$new"' EXIT
trap 'exit 143' HUP INT TERM
cat >"$new"
exec 9>"$d/authority.lock"
flock -w 3 9 || exit 76
a=$d/authority.json
if [ -s "$a" ]; then
  field() { sed -n "s/.*\"$1\":\"*\([^\",}]*\).*/\1/p" "$a"; }
  n=$(field fencingNumber) h=$(field holder) l=$(field lineage)
  case $n in '' | *[!0-9]*) exit 78 ;; esac
  if [ "$n" -gt "$number" ] || { [ -n "$l" ] && [ "$l" != "$lineage" ]; } ||
    { [ "$n" -eq "$number" ] && [ -n "$h" ] && [ "$h" != "$holder" ]; }; then
    cat "$a"
    exit 75
  fi
fi
cd -- "$d/seals"
name=$(printf %010d "$entries").checkpoint
for last in *.checkpoint; do :; done
if [ "$last" = "$name" ]; then
  # of a program that did not hear the answer, or that signs with a newer key: size and root are what counts
  [ "$(head -n 3 -- "$name")" = "$(head -n 3 -- "$new")" ] || { echo "$entries"; exit 74; }
  exit 0
fi
# numbers of ten digits sort as they count
if [ "$last" != '*.checkpoint' ] && [ "$(printf '%s\n' "$last" "$name" | LC_ALL=C sort | tail -n 1)" = "$last" ]; then
  echo "${last%.checkpoint}"
  exit 74
fi
id=${key#*+}
id=${id%%+*}
[ -e "$id.key" ] || {
  printf '%s\n' "$key" >"$id.key.new"
  sync -- "$id.key.new"
  mv -f -- "$id.key.new" "$id.key"
}
chmod 0644 "$new"
sync -- "$new"
mv -f -- "$new" "$name"
sync -- .
