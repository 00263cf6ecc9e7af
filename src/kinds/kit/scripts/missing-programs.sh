#!/bin/sh
# Prints each program that is not installed.
# Arguments: names of programs.
for program in "$@"; do
  command -v -- "$program" >/dev/null || echo "$program"
done
