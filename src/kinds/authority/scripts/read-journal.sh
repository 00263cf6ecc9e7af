#!/bin/sh
# Prints the host's copy of the journal from an entry on; its number is that of its line.
#
# Arguments: the file of the copy, which may not be there; the number of the first entry.
[ ! -s "$1" ] || tail -n "+$2" -- "$1"
