#!/bin/sh
# First program of a lab host, already in namespaces of its own (network, mounts, processes, name, IPC).
# usage: boot.sh NAME TREE REPOSITORY [DIRECTORY SIZE_MB]...
# Puts the host's own /etc, /var, /srv, /root and /tmp in place of the machine's, then becomes its init.
set -eu
name=$1 tree=$2 repository=$3
shift 3
hostname "$name"
umask 022

# Disks of limited size, where they were asked for.
while [ $# -ge 2 ]; do
  owner=$(stat -c %u:%g "$tree$1")
  mount -t tmpfs -o "size=${2}m,mode=755" tmpfs "$tree$1"
  chown "$owner" "$tree$1"
  shift 2
done

# The lab's programs may lie under a directory about to be covered: keep a hold on them in /run, which is ours.
mount --bind "$repository" "$tree/repository"
umount -l /run/netns 2>/dev/null || true
mount -t tmpfs -o mode=755 tmpfs /run
mkdir /run/repository
mount --bind "$tree/repository" /run/repository

# Of this host's own network: /sys/class/net shows the namespace of the process that mounted it.
mount -t sysfs -o ro sysfs /sys

# The host's /etc links here for everything that is not its own.
mount --bind /etc /mnt
mount -o remount,bind,ro /mnt
# /var last: the tree itself lies below it. rbind, so that a small disk comes along.
for directory in etc srv root tmp var; do
  mount --rbind "$tree/$directory" "/$directory"
done
mount -t tmpfs -o mode=1777 tmpfs /dev/shm
if [ ! -e "$repository/package.json" ]; then
  mkdir -p "$repository"
  mount --bind /run/repository "$repository"
fi

# What Debian makes at boot.
mkdir /run/sshd /run/lock /run/nginx /run/bascule /run/qemu-server
install -d -o knot -g knot /run/knot
install -d -o postgres -g postgres -m 2775 /run/postgresql

# As Debian's nftables.service does, before anything answers.
if [ -e /etc/nftables.conf ]; then nft -f /etc/nftables.conf; fi

exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 HOME=/root \
  tini -- runsvdir -P /etc/service
