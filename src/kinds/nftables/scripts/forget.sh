#!/bin/sh
# Removes what was kept for an undo, and its parents when nothing else is kept in them.
# Argument: directory of what is kept.
set -e
rm -rf -- "$1"
c=$(dirname -- "$1")
rmdir -- "$c" 2>/dev/null && rmdir -- "$(dirname -- "$c")" 2>/dev/null
exit 0
