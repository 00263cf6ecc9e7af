#!/bin/sh
# Prints the certificates of this host: file, last day, subject, and whether an ACME client renews it. Never a private key.
# No arguments. Changes nothing.
if ! command -v openssl >/dev/null; then
  printf 'unseen\tcertificates (openssl)\n'
  exit 0
fi
for directory in /etc/letsencrypt /etc/ssl/private; do
  [ ! -d "$directory" ] || [ -r "$directory" ] || printf 'unseen\t%s\n' "$directory"
done
# of Debian's own bundle each is a link or stands under /usr
find /etc/letsencrypt/live /etc/nginx /etc/apache2 /etc/haproxy /etc/ssl /etc/postgresql /etc/postfix /etc/dovecot \
  \( -type f -o -path '*/live/*' -name '*.pem' \) \( -name '*.pem' -o -name '*.crt' -o -name '*.cer' \) \
  ! -name 'privkey*' ! -name '*.key' ! -name ca-certificates.crt ! -name ssl-cert-snakeoil.pem 2>/dev/null |
  head -n 500 |
  while IFS= read -r file; do
    case $file in *[[:cntrl:]]* | */chain.pem | */cert.pem) continue ;; esac
    end=$(openssl x509 -in "$file" -noout -enddate 2>/dev/null) || continue
    subject=$(openssl x509 -in "$file" -noout -subject -nameopt RFC2253,sep_comma_plus 2>/dev/null | tr -d '\n' | tr '\t' ' ')
    acme=no
    case $file in /etc/letsencrypt/*) acme=yes ;; esac
    printf 'certificate\t%s\t%s\t%s\t%s\n' "$file" "${end#notAfter=}" "${subject#subject=}" "$acme"
  done
for directory in /root/.acme.sh /var/lib/caddy /etc/dehydrated /var/lib/dehydrated; do
  [ ! -e "$directory" ] || printf 'acme\t%s\n' "$directory"
done
