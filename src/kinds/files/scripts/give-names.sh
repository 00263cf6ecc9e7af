#!/bin/sh
# Runs a program with a list of names, given in base64 on standard input, as its own standard input.
# usage: give-names.sh PROGRAM [ARGUMENT]...
#   PROGRAM  reads names, NUL-separated; its exit code is that of the script
base64 -d | "$@"
