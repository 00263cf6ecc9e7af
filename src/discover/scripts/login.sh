#!/bin/sh
# Prints as whom ssh logs in, whether sudo lets it act as root without a password, and the address that ssh came to.
# No arguments. Changes nothing.
printf 'user\t%s\n' "$(id -u)"
if [ "$(id -u)" -ne 0 ] && sudo -n true 2>/dev/null; then printf 'sudo\tyes\n'; fi
# client address, client port, server address, server port
# shellcheck disable=SC2086 # split on purpose
set -- ${SSH_CONNECTION:-}
[ -z "${3:-}" ] || printf 'reached\t%s\n' "$3"
