#!/bin/sh
# Removes a tunnel and its namespace. wireguard-go ends when its interface goes.
# Arguments: namespace, interface.
set -eu
n=$1 i=$2
ip -n "$n" link delete dev "$i" 2>/dev/null || :
ip link delete dev "$i" 2>/dev/null || :
[ ! -e "/run/netns/$n" ] || ip netns delete "$n"
