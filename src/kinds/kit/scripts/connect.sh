#!/bin/bash
# Opens a TCP connection and closes it. bash does so by itself: nothing need be installed for it.
# Arguments: address, port.
exec 3<>"/dev/tcp/$1/$2"
