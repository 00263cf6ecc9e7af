#!/bin/sh
# Prints what sv says of a service, then a line `blocked` when its `run` was put aside.
# Arguments: service directory, where `run` is while it is put aside.
sv status "$1"
[ -e "$1/run" ] || [ ! -e "$2" ] || echo blocked
