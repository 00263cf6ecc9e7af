#!/bin/sh
# Compares and writes under a lock of the host, so that of two programs only the one with the greater number stands, and numbers
# of two state directories are never compared: the second is refused whatever its number.
#
# Arguments: directory, migration, number, site, holder, instant, lineage, and `keep` when a site that stands is kept.
# An empty holder or lineage keeps the one that stands, and is nobody's rival.
# Exit codes: 75 refused (prints what stands), 76 busy, 78 what stands cannot be read.
set -eu
d=$1 migration=$2 number=$3 site=$4 holder=$5 at=$6 lineage=$7 keep=$8
umask 022
mkdir -p -- "$d"
exec 9>"$d/authority.lock"
flock -w 10 9 || exit 76
f=$d/authority.json
if [ -s "$f" ]; then
  field() { sed -n "s/.*\"$1\":\"*\([^\",}]*\).*/\1/p" "$f"; }
  n=$(field fencingNumber) h=$(field holder) l=$(field lineage)
  case $n in '' | *[!0-9]*) exit 78 ;; esac
  if [ "$n" -gt "$number" ]; then cat "$f"; exit 75; fi
  if [ -n "$l" ] && [ -n "$lineage" ] && [ "$l" != "$lineage" ]; then cat "$f"; exit 75; fi
  if [ "$n" -eq "$number" ] && [ -n "$h" ] && [ -n "$holder" ] && [ "$h" != "$holder" ]; then
    cat "$f"; exit 75
  fi
  [ -z "$keep" ] || site=$(field site)
  [ -n "$holder" ] || holder=$h
  [ -n "$lineage" ] || lineage=$l
fi
printf '{"migration":"%s","fencingNumber":%s,"site":"%s","holder":"%s","at":"%s","lineage":"%s"}\n' \
  "$migration" "$number" "$site" "$holder" "$at" "$lineage" >"$f.new"
sync -- "$f.new"
mv -f -- "$f.new" "$f"
sync -- "$d"
