#!/bin/bash
# Dumps databases of another server, and its roles with their passwords, into a folder of mode 0700: not encrypted. Nothing counts before
# all of it is whole: only then the folder gets its name. Runs as the superuser of the server that restores it.
# Arguments: folder, programs' folder, jobs, compression, tag of what is dumped, connection for the roles, then file and connection of
#   each database. Prints `doing <file>`; in the end, also into the folder's file `whole`: `of <tag>`, `dumped <bytes> <file>`.
set -euo pipefail
umask 077
folder=$1 bin=$2 jobs=$3 compression=$4 tag=$5 roles=$6
shift 6
rm -rf -- "$folder" "$folder".*.part
# Of this attempt: a program of one before it, whose control host died, writes on into what is removed, and fails.
part=$folder.$$.part
trap '[ $? -eq 0 ] || rm -rf -- "$part"' EXIT
trap 'exit 143' TERM INT HUP
mkdir -- "$part"
"$bin/pg_dumpall" --no-password "--dbname=$roles" --globals-only --no-tablespaces >"$part/roles.sql"
told=("of $tag")
while [ $# -gt 0 ]; do
  file=$1 connection=$2
  shift 2
  echo "doing $file"
  "$bin/pg_dump" --no-password "--dbname=$connection" --format=directory "--jobs=$jobs" "--compress=$compression" \
    --no-subscriptions --no-sync "--file=$part/$file"
  told+=("dumped $(du -sb -- "$part/$file" | cut -f 1) $file")
done
printf '%s\n' "${told[@]}" >"$part/whole"
mv -T -- "$part" "$folder"
cat -- "$folder/whole"
