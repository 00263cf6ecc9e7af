#!/bin/sh
# Prints each process that can still write below a tree though the tree is read-only: it has a file open for writing or in its memory,
# or a directory, its own or an open one, from before. Changes nothing.
# usage: open-below.sh TREE PATH...
#   PATH   where processes see the tree: without symbolic links, in mount namespaces of their own perhaps elsewhere
# lines: PID, a tab, its name, a tab, the path
tree=$1
shift
own=$(readlink /proc/self/ns/mnt)
device=$(stat -L -c %d -- "$tree") || exit 1
paths=$(printf '%s\n' "$@")
# Lines of a link's own path and where it leads; only those that lead to one of the paths, or below.
below() {
  paths=$paths awk 'BEGIN { count = split(ENVIRON["paths"], path, "\n") }
    { to = substr($0, length($1) + 2)
      for (at = 1; at <= count; at++) if (to == path[at] || index(to, path[at] "/") == 1) { print; next } }'
}
said() { printf '%s\t%s\t%s\n' "$1" "$(cat "/proc/$1/comm" 2>/dev/null)" "$2"; }
can_write() {
  if [ -d "$1" ]; then [ -w "$1/." ]; return; fi
  # a file that has no name any more is nobody's loss
  [ -f "$1" ] && [ "$(stat -L -c %h -- "$1")" -gt 0 ] || return 1
  flags=$(sed -n 's/^flags:[[:space:]]*//p' "/proc/$2/fdinfo/${1##*/}")
  case $flags in *[1256]) return 0 ;; *) return 1 ;; esac
}
is_tree() { [ "$(readlink "/proc/$2/ns/mnt")" = "$own" ] || [ "$(stat -L -c %d -- "$1")" = "$device" ]; }
{
  find /proc/[0-9]*/cwd /proc/[0-9]*/root /proc/[0-9]*/fd -maxdepth 1 -type l -printf '%p %l\0' | tr '\n\0' '?\n' | below |
    while read -r link path; do
      process=${link#/proc/}
      process=${process%%/*}
      if can_write "$link" "$process" && is_tree "$link" "$process"; then said "$process" "$path"; fi
    done
  grep -s ' rw-s ' /proc/[0-9]*/maps |
    sed -n 's|^/proc/\([0-9]*\)/maps:[^ ]* rw-s [^ ]* [^ ]* [^ ]* *\(/.*\)$|\1 \2|p' | grep -v ' (deleted)$' | below |
    while read -r process path; do
      if is_tree "/proc/$process/root$path" "$process"; then said "$process" "$path"; fi
    done
} 2>/dev/null
exit 0
