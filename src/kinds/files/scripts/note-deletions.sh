#!/bin/sh
# Appends deletions to the list of what a sync did, one line each, as rsync's own log tells them.
# usage: note-deletions.sh LIST (the names NUL-separated on standard input; a line break in a name becomes `?`)
#   LIST  the list; made, for its owner alone, when it is not there
set -eu
umask 077
tr '\n\0' '?\n' | sed 's/^/*deleting   /' >>"$1"
