#!/bin/sh
# Keeps the host's copy of the journal under another name beside it, which no earlier one has: journal.parted-1.jsonl, -2 and so on.
# Only the program that may act does it; where there is no copy nothing is done.
#
# Arguments: directory, number, holder and lineage of the program.
# Exit codes: 75 refused (prints who may act), 76 busy, 78 who may act cannot be read.
set -eu
d=$1 number=$2 holder=$3 lineage=$4
mkdir -p -- "$d"
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
f=$d/journal.jsonl
[ -e "$f" ] || exit 0
i=1
while [ -e "$d/journal.parted-$i.jsonl" ]; do i=$((i + 1)); done
mv -- "$f" "$d/journal.parted-$i.jsonl"
sync -- "$d"
