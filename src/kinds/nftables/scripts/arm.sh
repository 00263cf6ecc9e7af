#!/bin/sh
# Starts the timer in a session of its own: neither a lost connection nor the end of Bascule ends it. Comes back once it runs.
# Arguments: timer.sh, then its own: the load's directory, the component's, seconds, family and name of our table.
set -eu
timer=$1
shift
env -u BASCULE_COMMAND setsid -f sh -c "$timer" bascule-revert "$@" </dev/null >/dev/null 2>&1
n=0
until [ -s "$1/timer" ] && kill -0 "$(cat -- "$1/timer")" 2>/dev/null; do
  n=$((n + 1))
  [ "$n" -lt 50 ] || { echo "the timer does not start" >&2; exit 1; }
  sleep 0.1
done
