#!/bin/sh
# Ends each rsync that receives into a tree or a file, and prints its id. Fails when one has not ended after ten seconds.
# Argument: the tree or the file.
path=$(readlink -f -- "$1") || exit 0
receives() {
  # Of every process of the host: read by the shell itself, for a program each would take seconds.
  name=
  { read -r name <"$1/comm"; } 2>/dev/null
  [ "$name" = rsync ] || return 1
  words=" $(tr '\0' ' ' 2>/dev/null <"$1/cmdline")"
  case $words in *" --sender "*) return 1 ;; *" --server "*) ;; *) return 1 ;; esac
  if [ -d "$path" ]; then [ "$(readlink "$1/cwd")" = "$path" ]; return; fi
  for open in "$1"/fd/*; do [ "$(readlink "$open")" != "$path" ] || return 0; done
  return 1
}
found=
for process in /proc/[0-9]*; do
  receives "$process" || continue
  kill -TERM "${process#/proc/}" 2>/dev/null || continue
  echo "${process#/proc/}"
  found="$found $process"
done
for process in $found; do
  tries=0
  while receives "$process"; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || { echo "rsync ${process#/proc/} does not end" >&2; exit 1; }
    sleep 0.1
  done
done
