#!/bin/sh
# Prints what systemd says of a unit, then a line `Refusal=written` when its file that refuses every start is there.
# Arguments: unit, that file.
systemctl show --property=LoadState,ActiveState,SubState,UnitFileState,InvocationID,DropInPaths -- "$1"
[ ! -e "$2" ] || echo Refusal=written
