#!/bin/sh
# Gives a list of names, in base64 on standard input, to a program and prints those that it prints, again in base64.
# usage: filter-names.sh PROGRAM [ARGUMENT]...
#   PROGRAM  reads names, NUL-separated, and prints some of them, NUL-separated
base64 -d | "$@" | base64 -w0
