#!/bin/sh
# Runs a program of PostgreSQL that logs in elsewhere. The password comes on standard input, for no argument may hold it; the program
# itself reads nothing.
# Arguments: the program's argv.
IFS= read -r PGPASSWORD || exit 1
export PGPASSWORD
exec "$@" </dev/null
