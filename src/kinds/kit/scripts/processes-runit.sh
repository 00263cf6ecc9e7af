#!/bin/sh
# Prints the id and the command line of a service's process and of those it has started.
# Argument: service directory.
read -r main <"$1/supervise/pid" || exit 0
show() {
  [ -r "/proc/$1/cmdline" ] || return 0
  printf '%s %s\n' "$1" "$(tr '\0' ' ' <"/proc/$1/cmdline")"
  children=
  # One line, without an end.
  { read -r children <"/proc/$1/task/$1/children"; } 2>/dev/null
  for child in $children; do show "$child"; done
}
show "$main"
