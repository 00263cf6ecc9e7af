#!/bin/bash
# Dumps each database as its snapshot shows it, restores the dump into a server of its own, compares the two, and keeps the dump
# encrypted. Nothing counts before all of them have: only then they get their names. Runs as the superuser of the server.
# What is not encrypted is in a folder of mode 0700 inside the work folder; it is removed however this ends, by a guard of its own.
# Arguments: work folder, folder, programs' folder, socket's folder, port, recipient, jobs, compression, tag of the snapshots,
#   hash.sql, the query for the tables' files, end-snapshot.sh, then snapshot, file and database of each.
# Prints `doing <what> <database>`; in the end, also into the folder's file `copy`: `of <tag>`, `file <bytes> <sha256> <name>`,
#   `compared <tables> <rows> <database>`.
set -euo pipefail
umask 077
work=$1 folder=$2 bin=$3 socket=$4 port=$5 recipient=$6 jobs=$7 compression=$8 tag=$9 hash=${10} files=${11} end=${12}
shift 12
renice -n 10 $$ >/dev/null 2>&1 || true
ionice -c 2 -n 7 -p $$ 2>/dev/null || true
rm -rf -- "$work"/plain.* "$folder"/*.part
plain=$(mktemp -d -- "$work/plain.XXXXXX")

# Of this attempt: the guard of one before it may still be at work.
part=$$.part
# The guard reads until nobody can write any more: also when this is killed and can do nothing about it.
mkfifo "$plain/alive"
exec 9<>"$plain/alive"
# shellcheck disable=SC2016 # its own arguments
guard='cat >/dev/null; read -r pid <"$1/data/postmaster.pid" && kill -QUIT "$pid"; n=0
  until rm -rf -- "$1" "$2"/*."$3" || [ "$n" -ge 50 ]; do n=$((n + 1)); sleep 0.1; done'
env -u BASCULE_COMMAND setsid -f sh -c "$guard" bascule-guard "$plain" "$folder" "$part" <"$plain/alive" >/dev/null 2>&1 9>&-
server=
finish() {
  [ -z "$server" ] || { kill -QUIT "$server" 2>/dev/null; wait "$server" 2>/dev/null; } || true
  rm -rf -- "$plain" "$folder"/*."$part"
}
trap finish EXIT
trap 'exit 143' TERM INT HUP

original() { PGDATABASE=$1 "$bin/psql" -XAtq -h "$socket" -p "$port" -v ON_ERROR_STOP=1; }
restored() { PGDATABASE=$1 "$bin/psql" -XAtq -h "$plain" -p 5432 -v ON_ERROR_STOP=1; }

# A server that nobody reaches over the network, and that starts no worker: a library's jobs must not run a second time.
echo 'doing server'
"$bin/initdb" -D "$plain/data" -U postgres --auth=peer --encoding=UTF8 --locale=C --no-sync >"$plain/log" 2>&1 || { cat "$plain/log" >&2; exit 1; }
preload=$(original "$3" <<<'show shared_preload_libraries')
"$bin/postgres" -D "$plain/data" -c listen_addresses= -c unix_socket_directories="$plain" -c port=5432 -c fsync=off \
  -c full_page_writes=off -c synchronous_commit=off -c wal_level=minimal -c max_wal_senders=0 -c archive_mode=off \
  -c max_worker_processes=0 -c max_wal_size=256MB -c autovacuum=off -c ssl=off -c shared_preload_libraries="$preload" 9>&- >>"$plain/log" 2>&1 &
server=$!
tries=0
until restored template1 <<<'select 1' >/dev/null 2>&1; do
  tries=$((tries + 1))
  { [ "$tries" -lt 600 ] && kill -0 "$server"; } || { tail -n 20 "$plain/log" >&2; echo 'the server for the comparison does not start' >&2; exit 1; }
  sleep 0.1
done
# of a role that is there already it only says so
"$bin/psql" -Xq -h "$plain" -p 5432 -d template1 -f "$work/roles.sql" >/dev/null 2>"$plain/roles" || true
restored template1 <<<'drop database postgres'

different() { echo "different $1 $2"; exit 3; }
n=0
told=("of $tag")
restore=("$bin/pg_restore" -h "$plain" -p 5432 -d template1 --create --exit-on-error)
dump=("$bin/pg_dump" -h "$socket" -p "$port" "--compress=$compression" --no-unlogged-table-data)
keep() { age -r "$recipient" >"$folder/$1.$part"; }
while [ $# -gt 0 ]; do
  snapshot=$1 file=$2 database=$3
  shift 3
  n=$((n + 1))
  echo "doing dump $database"
  if [ "$jobs" -gt 1 ]; then
    PGDATABASE=$database "${dump[@]}" --format=directory "--jobs=$jobs" "--snapshot=$snapshot" --no-sync -f "$plain/dump"
    tar -C "$plain" -cf - dump | keep "$file"
    echo "doing restore $database"
    "${restore[@]}" "--jobs=$jobs" "$plain/dump"
    rm -rf -- "$plain/dump"
  else
    # the restore reads the very bytes that are encrypted, and none of them is on the disk
    mkfifo "$plain/dump"
    "${restore[@]}" <"$plain/dump" &
    reader=$!
    PGDATABASE=$database "${dump[@]}" --format=custom "--snapshot=$snapshot" | tee "$plain/dump" | keep "$file"
    wait "$reader"
    rm -f -- "$plain/dump"
  fi
  # a table that has another file by now looks empty in the snapshot: to the dump and to the sums below alike
  original "$database" <<<"$files" >"$plain/files"
  names=$(awk -F '|' 'FILENAME == ARGV[1] { now[$1 "|" $2]; next } !(($1 "|" $2) in now) { print $3 }' "$plain/files" "$work/snapshots/$n.files" |
    LC_ALL=C sort | head -n 10 | paste -sd ' ')
  [ -z "$names" ] || different "$database" "$names"
  echo "doing compare $database"
  printf "begin isolation level repeatable read, read only;\nset transaction snapshot '%s';\n%s\n" "$snapshot" "$hash" |
    original "$database" | LC_ALL=C sort >"$plain/original"
  printf 'begin isolation level repeatable read, read only;\n%s\n' "$hash" |
    restored "$database" | LC_ALL=C sort >"$plain/restored"
  if ! cmp -s "$plain/original" "$plain/restored"; then
    # the first that differ, by their names
    names=$(LC_ALL=C comm -3 "$plain/original" "$plain/restored" | tr -d '\t' | cut -d '|' -f 1 | LC_ALL=C sort -u | head -n 10 | paste -sd ' ')
    different "$database" "$names"
  fi
  told+=("compared $(grep -c '^table ' "$plain/original" || true) $(awk -F '|' '/^table /{n+=$2} END{printf "%d", n}' "$plain/original") $database")
  restored template1 <<<"$(printf 'drop database "%s"' "${database//\"/\"\"}")"
  sync -- "$folder/$file.$part"
  told+=("file $(stat -c %s "$folder/$file.$part") $(sha256sum <"$folder/$file.$part" | cut -d ' ' -f 1) $file")
done
globals=$folder/globals.sql.age
told+=("file $(stat -c %s "$globals") $(sha256sum <"$globals" | cut -d ' ' -f 1) globals.sql.age")
for whole in "$folder"/*."$part"; do mv -fT -- "$whole" "${whole%."$part"}"; done
printf '%s\n' "${told[@]}" >"$folder/copy.$part"
sync -- "$folder/copy.$part"
mv -fT -- "$folder/copy.$part" "$folder/copy"
cat -- "$folder/copy"
# a server that still runs writes into what is removed
finish
server=
sh -c "$end" end-snapshot.sh "$work"
