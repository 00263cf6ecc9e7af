#!/bin/sh
# Adds entries to the host's copy of the journal and has them on the disk when it ends: only entries that follow the last one it
# has, and only of the program that may act. Nothing is held while they come, so that a frozen sender keeps nobody out.
#
# Arguments: directory, number, holder and lineage of the program, bytes on standard input. Each line is an entry.
# Prints where the copy ends: sequence and hash; `0 -` when it is empty.
# Exit codes: 65 the copy cannot be read, 74 they do not follow, 75 refused (prints who may act), 76 busy, 78 who may act cannot be read.
set -eu
d=$1 number=$2 holder=$3 lineage=$4 bytes=$5
umask 022
mkdir -p -- "$d"
umask 077
new=
trap '[ -z "$new" ] || rm -f -- "$new"' EXIT
trap 'exit 143' HUP INT TERM
if [ "$bytes" -gt 0 ]; then
  new=$(mktemp "$d/journal.XXXXXXXX")
  cat >"$new"
  [ "$(wc -c <"$new")" -eq "$bytes" ] || { echo 'the entries came incomplete' >&2; exit 1; }
fi
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
links() {
  sed -n 's/^{"sequence":\([0-9]*\),"previousHash":"\([0-9a-f]*\)","hash":"\([0-9a-f]*\)",.*}$/\1 \2 \3/p'
}
sequence=0 hash=-
if [ -s "$f" ]; then
  # a line without its end is what a power cut left of an entry that nobody counts on
  if [ "$(tail -c 1 -- "$f" | wc -l)" -eq 0 ]; then
    sed '$d' "$f" >"$f.new"
    sync -- "$f.new"
    mv -f -- "$f.new" "$f"
  fi
  if [ -s "$f" ]; then
    last=$(tail -n 1 -- "$f" | links)
    [ -n "$last" ] || exit 65
    sequence=${last%% *} hash=${last##* }
  fi
fi
if [ -n "$new" ]; then
  # what stands before the first entry is a row of zeros
  end=$(links <"$new" | {
    s=$sequence k=$hash lines=0
    while read -r next before own; do
      [ "$next" -eq $((s + 1)) ] || exit 74
      [ "$before" = "$k" ] || { [ "$s" -eq 0 ] && [ -z "$(printf %s "$before" | tr -d 0)" ]; } || exit 74
      s=$next k=$own lines=$((lines + 1))
    done
    [ "$lines" -eq "$(wc -l <"$new")" ] || exit 74
    echo "$s $k"
  }) || {
    echo "$sequence $hash"
    exit 74
  }
  cat -- "$new" >>"$f"
  sync -- "$f"
  [ "$sequence" -gt 0 ] || sync -- "$d"
  echo "$end"
else
  echo "$sequence $hash"
fi
