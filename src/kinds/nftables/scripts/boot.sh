#!/bin/sh
# Prints our table as a file would load it at boot; run where it touches nothing.
# Arguments: file, family and name of our table.
nft -f "$1" && nft -s list table "$2" "$3"
