#!/bin/sh
# Prints the seals that a host keeps, the public keys first; nothing where it keeps none.
#
# Arguments: the folder of the seals.
[ -d "$1" ] || exit 0
cd -- "$1" || exit 1
for f in *.key *.checkpoint; do [ ! -f "$f" ] || cat -- "$f"; done
