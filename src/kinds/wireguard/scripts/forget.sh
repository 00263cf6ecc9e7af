#!/bin/sh
# Removes what was kept, and the folders above it once they are empty.
# Argument: directory of what is kept.
set -eu
rm -rf -- "$1"
p=$(dirname -- "$1")
rmdir -- "$p" "$(dirname -- "$p")" 2>/dev/null || :
