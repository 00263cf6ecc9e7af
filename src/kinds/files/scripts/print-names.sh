#!/bin/sh
# Prints the names that a program prints, in base64: names of files are bytes, not text.
# usage: print-names.sh MOST PROGRAM [ARGUMENT]...
#   MOST     at most so many, chosen at random; empty: all
#   PROGRAM  prints names, NUL-separated
most=$1
shift
if [ -n "$most" ]; then
  "$@" | shuf -z -n "$most" | base64 -w0
else
  "$@" | base64 -w0
fi
