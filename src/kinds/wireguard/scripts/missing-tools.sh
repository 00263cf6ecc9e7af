#!/bin/sh
# Prints what the tester's host lacks, a program a line. No arguments.
set -eu
for one in curl wg ip; do command -v "$one" >/dev/null || echo "$one"; done
if [ -e /sys/module/wireguard ] || modprobe -n wireguard >/dev/null 2>&1; then exit 0; fi
command -v wireguard-go >/dev/null || echo wireguard-go
