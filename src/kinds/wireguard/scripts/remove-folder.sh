#!/bin/sh
# Removes a folder that has the mark, and the folder above where that was made for it.
# Arguments: folder, name of the mark in it.
set -eu
[ -e "$1/$2" ] || exit 0
made=$(cat -- "$1/$2")
rm -rf -- "$1"
[ -z "$made" ] || rmdir -- "$made" 2>/dev/null || :
