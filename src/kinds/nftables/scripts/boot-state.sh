#!/bin/sh
# Prints `enabled`, `disabled`… of the service that loads rules at boot, where systemd is at work: the program may be installed where
# another init is. No arguments.
[ -d /run/systemd/system ] || exit 0
systemctl is-enabled nftables.service
