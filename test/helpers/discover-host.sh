#!/bin/sh
# Makes this mount namespace the host of a small estate: a cluster, an export, a web server's sites, a zone, a tunnel, jobs.
# Arguments: a folder for what is mounted, then what to start in it. Each secret of it holds the word CANARY.
set -eu
d=$1
shift
for each in etc home root srv var/lib/postgresql var/spool/cron run/postgresql; do
  mkdir -p "$d/$each" "/$each"
  mount -t tmpfs -o mode=755 none "$d/$each"
done
cp -a /etc/. "$d/etc"
for each in etc home root srv var/lib/postgresql var/spool/cron run/postgresql; do mount --bind "$d/$each" "/$each"; done
chown postgres:postgres /run/postgresql /var/lib/postgresql
rm -rf /etc/postgresql/* /etc/cron.d/* /etc/nginx/sites-enabled /etc/nginx/conf.d /etc/bind /etc/wireguard /etc/exports /etc/service
mkdir -p /etc/nginx/sites-enabled /etc/bind /etc/wireguard /etc/app /etc/cron.d /srv/media/2026 /var/spool/cron/crontabs /etc/letsencrypt/live/shop.test
sed -i '/^reader:/d' /etc/passwd /etc/shadow
printf 'reader:x:4711:4711::/home/reader:/bin/sh\n' >>/etc/passwd
printf 'reader:*:19000:0:99999:7:::\n' >>/etc/shadow
mkdir -p /home/reader && chown 4711:4711 /home/reader
rm -f /etc/sudoers.d/*

printf '/srv/media 192.0.2.0/24(rw)\n' >/etc/exports
printf 'course\n' >/srv/media/2026/one.txt
mkdir "/srv/$(printf 'odd\nunseen\tforged')"
printf '*/5 * * * * www-data PASSWORD=CANARY-cron /usr/local/bin/send-mails --token CANARY-cron\n' >/etc/cron.d/shop
printf '0 2 * * * /usr/bin/mysqldump -pCANARY-cron shop\n' >/var/spool/cron/crontabs/root
chmod 1730 /var/spool/cron/crontabs
cat >/etc/nginx/sites-enabled/shop <<'END'
upstream shop { server 127.0.0.1:8080; }
server {
  listen 443 ssl; server_name shop.test www.shop.test;
  ssl_certificate /etc/letsencrypt/live/shop.test/fullchain.pem;
  location / { proxy_set_header Authorization "Basic CANARY-header"; proxy_pass http://user:CANARY-url@shop; }
}
END
cat >/etc/bind/named.conf <<'END'
key "mover" { algorithm hmac-sha256; secret "CANARYtsig="; };
zone "shop.test" { type master; file "/etc/bind/shop.test"; allow-update { key mover; }; };
END
printf '[Interface]\nPrivateKey = CANARY-wireguard\nListenPort = 51820\nAddress = 10.9.0.1/24\n[Peer]\nPresharedKey = CANARY-psk\nAllowedIPs = 10.9.0.2/32\n' >/etc/wireguard/wg0.conf
chmod 600 /etc/wireguard/wg0.conf
address=$(hostname -I | cut -d' ' -f1)
printf 'DATABASE=postgresql://shop:CANARY-connection@%s:5432/shop\n' "$address" >/etc/app/shop.env
# shellcheck disable=SC2016 # of the zone file
printf '$TTL 3600\n@ SOA ns hostmaster 1 3600 600 86400 300\n@ NS ns\nns A %s\nwww A %s\n@ MX 10 mail\n' "$address" "$address" >/etc/bind/shop.test
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=shop.test -keyout /etc/letsencrypt/live/shop.test/privkey.pem \
  -out /etc/letsencrypt/live/shop.test/fullchain.pem 2>/dev/null
exec "$@"
