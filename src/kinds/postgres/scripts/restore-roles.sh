#!/bin/bash
# Creates the roles of a dump, with passwords, memberships and settings, in one transaction with the note that says so: all of it or none.
# Roles that are there already stay as they are. Runs as the superuser of the server.
# Standard input: the statements of the note. Arguments: the dump's file of roles, psql, socket's folder, port, then the roles to leave out,
#   quoted as in SQL.
set -euo pipefail
roles=$1 psql=$2 socket=$3 port=$4
shift 4
note=$(cat)
{
  awk 'NR == FNR { left[$0]; next }
    {
      for (name in left)
        if (index($0, "CREATE ROLE " name ";") == 1 || index($0, "ALTER ROLE " name " ") == 1 ||
            index($0, "COMMENT ON ROLE " name " ") == 1 ||
            (/^GRANT / && (index($0, " TO " name " ") || index($0, " TO " name ";")))) next
      print
    }' <(printf '%s\n' "$@") "$roles"
  printf '%s\n' "$note"
} | "$psql" -X -q -h "$socket" -p "$port" -d postgres --single-transaction -v ON_ERROR_STOP=1 -v VERBOSITY=terse -f - >/dev/null
