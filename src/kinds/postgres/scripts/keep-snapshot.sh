#!/bin/bash
# Keeps one snapshot of each database, in a session that outlives this command, and prints `<snapshot> <database>` for each. Beside
# them it keeps the roles: whole, encrypted to the recipient, in the folder; without passwords in the work folder.
# Of each database it also writes down which file each table is in: take-safety-copy.sh tells by it what was emptied since.
# Ends what an earlier call keeps, and when it fails what it has begun. Runs as the superuser of the server.
# Arguments: work folder, folder, seconds after which a snapshot is given up, programs' folder, socket's folder, port, recipient,
#   end-snapshot.sh, the query for the tables' files, then the databases.
set -euo pipefail
umask 077
work=$1 folder=$2 seconds=$3 bin=$4 socket=$5 port=$6 recipient=$7 end=$8 files=$9
shift 9
forget() { sh -c "$end" end-snapshot.sh "$work"; }
forget
trap '[ $? -eq 0 ] || forget' EXIT
mkdir -p -- "$work/snapshots"
statements="select set_config(name, '0', false) from pg_settings where name in
    ('statement_timeout', 'idle_in_transaction_session_timeout', 'idle_session_timeout', 'transaction_timeout');
  begin isolation level repeatable read, read only;
  $files \\g '"
exported="select pg_export_snapshot() \\g '"
# Its own id is that of its session: a signal to the group ends the server's session, too.
# shellcheck disable=SC2016 # its own arguments
keeper='echo $$ >"$1.pid"
  { printf "%s\n" "$3$1.files'"'"'" "$8$1.told'"'"'"; exec sleep "$2"; } | PGDATABASE=$7 PGAPPNAME="bascule safety copy" exec "$4/psql" -XAtq -h "$5" -p "$6" -v ON_ERROR_STOP=1'
n=0
for database; do
  n=$((n + 1))
  env -u BASCULE_COMMAND setsid -f sh -c "$keeper" bascule-snapshot "$work/snapshots/$n" "$seconds" "$statements" \
    "$bin" "$socket" "$port" "$database" "$exported" </dev/null >"$work/snapshots/$n.log" 2>&1
done
"$bin/pg_dumpall" -h "$socket" -p "$port" --globals-only --no-role-passwords >"$work/roles.sql"
"$bin/pg_dumpall" -h "$socket" -p "$port" --globals-only | age -r "$recipient" >"$folder/globals.sql.age"
n=0
for database; do
  n=$((n + 1))
  tries=0
  # a line that has its end is whole
  until [ "$(wc -l 2>/dev/null <"$work/snapshots/$n.told")" = 1 ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || { cat -- "$work/snapshots/$n.log" >&2; echo "no snapshot of $database" >&2; exit 1; }
    sleep 0.1
  done
  printf '%s %s\n' "$(cat -- "$work/snapshots/$n.told")" "$database"
done
