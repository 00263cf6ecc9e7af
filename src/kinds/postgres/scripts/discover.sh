#!/bin/sh
# Prints the clusters of this host, and of those that run: settings, databases, extensions, who is connected from where.
# No arguments. Changes nothing: every session is read-only. One record a line, fields between tabs; names from the server are JSON.
command -v pg_lsclusters >/dev/null || exit 0
if [ -d /usr/lib/postgresql ]; then
  for directory in /usr/lib/postgresql/*/bin/postgres; do
    [ ! -x "$directory" ] || { directory=${directory%/bin/postgres}; printf 'installed\t%s\n' "${directory##*/}"; }
  done
fi

# owner, port, database, statement: as the cluster's owner where that is possible
ask() {
  owner=$1 port=$2 database=$3 statement=$4
  set -- env PGOPTIONS='-c default_transaction_read_only=on -c statement_timeout=20s' PGCONNECT_TIMEOUT=5 PGPORT="$port" \
    PGDATABASE="$database" PGAPPNAME=bascule-discover psql -X -w -q -A -t -c "$statement"
  if [ "$(id -u)" -eq 0 ]; then
    runuser -u "$owner" -- "$@" 2>/dev/null </dev/null
  else
    "$@" 2>/dev/null </dev/null
  fi
}

pg_lsclusters -h | while read -r version name port status owner directory _; do
  cluster=$version/$name
  printf 'cluster\t%s\t%s\t%s\n' "$cluster" "$port" "${status%%,*}"
  [ "${status%%,*}" = online ] || continue
  databases=$(ask "$owner" "$port" postgres "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate
    AND datname !~ '[[:cntrl:]]' ORDER BY 1") || {
    printf 'unseen\tdatabases of PostgreSQL %s\n' "$cluster"
    continue
  }
  ask "$owner" "$port" postgres "SELECT json_build_object('name', datname, 'bytes', pg_database_size(oid))
    FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY datname" |
    while IFS= read -r line; do printf 'database\t%s\t%s\n' "$cluster" "$line"; done
  ask "$owner" "$port" postgres "SELECT json_build_object('database', datname, 'user', usename, 'address', host(client_addr))
    FROM pg_stat_activity WHERE client_addr IS NOT NULL AND datname IS NOT NULL GROUP BY 1, datname, usename, client_addr" 2>/dev/null |
    while IFS= read -r line; do printf 'client\t%s\t%s\n' "$cluster" "$line"; done
  ask "$owner" "$port" postgres "SELECT json_build_object('recovering', pg_is_in_recovery(), 'ssl', current_setting('ssl'),
    'listens', current_setting('listen_addresses'), 'version', current_setting('server_version'))" |
    while IFS= read -r line; do printf 'settings\t%s\t%s\n' "$cluster" "$line"; done
  printf '%s\n' "$databases" | while IFS= read -r database; do
    [ -n "$database" ] || continue
    ask "$owner" "$port" "$database" "SELECT json_build_object('database', current_database(), 'name', extname, 'version', extversion)
      FROM pg_extension WHERE extname <> 'plpgsql'" |
      while IFS= read -r line; do printf 'extension\t%s\t%s\n' "$cluster" "$line"; done
  done
  certificate=$(ask "$owner" "$port" postgres "SELECT current_setting('ssl_cert_file') WHERE current_setting('ssl') = 'on'")
  case $certificate in '') continue ;; /*) ;; *) certificate=$directory/$certificate ;; esac
  fingerprint=$(openssl x509 -in "$certificate" -noout -fingerprint -sha256 2>/dev/null) || {
    printf 'unseen\tcertificate of PostgreSQL %s\n' "$cluster"
    continue
  }
  printf 'fingerprint\t%s\t%s\n' "$cluster" "${fingerprint#*=}"
done
