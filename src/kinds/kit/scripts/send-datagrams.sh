#!/bin/bash
# Sends two datagrams. The second fails where the first was refused; silence says nothing.
# Arguments: address, port.
set -e
exec 3<>"/dev/udp/$1/$2"
printf x >&3
sleep 0.5
printf x >&3
