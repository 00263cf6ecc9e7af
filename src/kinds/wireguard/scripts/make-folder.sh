#!/bin/sh
# Makes a folder and marks it. Ends with 3 when the folder is there and is not ours.
# Arguments: folder, name of the mark in it. The mark names the folder above where we made that too.
set -eu
umask 077
if [ -e "$1" ] && ! [ -e "$1/$2" ]; then exit 3; fi
p=$(dirname -- "$1") made=
[ -e "$p" ] || made=$p
mkdir -p -- "$1"
[ -e "$1/$2" ] || echo "$made" >"$1/$2"
