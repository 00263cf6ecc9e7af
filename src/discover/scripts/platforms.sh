#!/bin/sh
# Prints what carries the rest: the tables of nftables, and of a Proxmox VE node its certificate's fingerprint, machines and containers.
# No arguments. Changes nothing. One record a line, fields between tabs.

# `nft` would load the kernel's module where nobody uses it
if [ -d /sys/module/nf_tables ] && command -v nft >/dev/null; then
  if [ "$(id -u)" -eq 0 ]; then
    nft list tables 2>/dev/null | while read -r _ family table; do
      rules=$(nft -a list table "$family" "$table" 2>/dev/null | grep -c '# handle')
      printf 'table\t%s %s\t%s\n' "$family" "$table" "$rules"
    done
  else
    printf 'unseen\tnftables\n'
  fi
fi

[ -d /etc/pve ] || exit 0
if ! [ -r /etc/pve/local ]; then
  printf 'unseen\t/etc/pve\n'
  exit 0
fi
# a certificate of the administrator's own stands before the node's
for certificate in /etc/pve/local/pveproxy-ssl.pem /etc/pve/local/pve-ssl.pem; do
  [ -r "$certificate" ] || continue
  fingerprint=$(openssl x509 -in "$certificate" -noout -fingerprint -sha256 2>/dev/null) || continue
  printf 'node\t%s\t%s\n' "$(hostname)" "${fingerprint#*=}"
  break
done
# only what is before the first section: snapshots repeat every line
for kind in qemu-server lxc; do
  for file in /etc/pve/local/"$kind"/*.conf; do
    [ -r "$file" ] || continue
    id=${file##*/}
    awk -v kind="$kind" -v id="${id%.conf}" '
      /^\[/ { exit }
      /^(name|hostname): / { name = $2 }
      /^(scsi|virtio|sata|ide|efidisk|tpmstate|rootfs|mp)[0-9]*: / && !/media=cdrom/ { disks++ }
      END { print kind "\t" id "\t" name "\t" disks + 0 }' "$file"
  done
done
