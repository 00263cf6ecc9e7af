import type { HostOutput } from '../../src/discover/seen.ts'

/**
 * What the scripts print, in the form recorded on Debian 12: a shop at two sites of three hosts. Addresses and names are those of
 * documentation; records that say nothing here are left out.
 */
const lines = (...records: string[][]): string => records.map(record => `${record.join('\t')}\n`).join('')

const root = (address: string): string => lines(['user', '0'], ['reached', address])
const host = (name: string, address: string, ...more: string[][]): string =>
  lines(
    ['name', name],
    ['system', 'Debian GNU/Linux 12 (bookworm)'],
    ['forwards', '0'],
    ['address', 'eth0', `${address}/24`],
    ['route', 'default via 192.0.2.1 dev eth0 '],
    ['listen', 'tcp', '0.0.0.0:22', 'sshd', 'systemd:ssh.service'],
    ...more,
    ['mount', '/dev/vda1', '/', 'ext4'],
  )

const postgres = lines(
  ['installed', '15'],
  ['cluster', '15/main', '5432', 'online'],
  ['database', '15/main', '{"name" : "postgres", "bytes" : 7594467}'],
  ['database', '15/main', '{"name" : "shop", "bytes" : 2594467891}'],
  ['client', '15/main', '{"database" : "shop", "user" : "shop", "address" : "192.0.2.11"}'],
  ['settings', '15/main', '{"recovering" : false, "ssl" : "on", "listens" : "*", "version" : "15.14"}'],
  ['extension', '15/main', '{"database" : "shop", "name" : "pg_trgm", "version" : "1.6"}'],
  [
    'fingerprint',
    '15/main',
    '4F:D5:FA:F8:9A:C6:CD:49:8F:87:33:03:5D:66:66:3E:26:40:69:79:47:F4:07:13:99:19:87:1F:55:B7:02:84',
  ],
)

export const shop: readonly HostOutput[] = [
  {
    side: 'source',
    ssh: 'paris-db',
    outputs: {
      login: root('192.0.2.10'),
      host: host(
        'db',
        '192.0.2.10',
        ['listen', 'tcp', '0.0.0.0:5432', 'postgres', 'systemd:postgresql@15-main.service'],
        ['listen', 'tcp', '127.0.0.1:3306', 'mariadbd', 'systemd:mariadb.service'],
        ['talks', '192.0.2.10:5432', '192.0.2.11:40312', 'systemd:postgresql@15-main.service'],
        ['talks', '192.0.2.10:5432', '203.0.113.77:50112', 'systemd:postgresql@15-main.service'],
      ),
      jobs: lines(
        ['cron', '/etc/crontab', '17', '17 * * * *', 'root', 'cd'],
        ['cron', '/etc/cron.d/e2scrub_all', '1', '30 3 * * 0', 'root', 'test'],
        ['cron', '/etc/cron.d/reports', '3', '*/5 * * * *', 'www-data', 'send-reports'],
        ['cron', '/etc/cron.daily/man-db', '0', '@daily', 'root', 'man-db'],
        ['timer', 'apt-daily.timer'],
        ['timer', 'invoices.timer'],
        ['running', 'systemd:cron.service'],
        ['running', 'systemd:worker.service'],
        ['running', 'systemd:postgresql@15-main.service'],
        ['running', 'systemd:mariadb.service'],
        ['package', 'prometheus-node-exporter'],
        ['package', 'borgbackup'],
        ['package', 'postgresql-15'],
      ),
      certificates: lines([
        'certificate',
        '/etc/letsencrypt/live/shop.test/fullchain.pem',
        'Dec 31 00:45:49 2026 GMT',
        'CN=shop.test',
        'yes',
      ]),
      mentions: '',
      platforms: lines(
        ['table', 'inet filter', '14'],
        ['node', 'db', 'BB:D8:CF'],
        ['qemu-server', '101', 'old-app', '2'],
        ['lxc', '102', 'wiki', '1'],
      ),
      postgres,
      files: lines(
        ['tree', 'nfs', '/srv/media', ''],
        ['tree', 'folder', '/srv/media', ''],
        ['tree', 'mount', '/srv/media/2026', '52000000000'],
      ),
    },
  },
  {
    side: 'source',
    ssh: 'paris-web',
    outputs: {
      login: lines(['user', '1000'], ['reached', '192.0.2.11']),
      host: host(
        'web',
        '192.0.2.11',
        ['listen', 'tcp', '0.0.0.0:443', 'nginx', 'systemd:nginx.service'],
        ['listen', 'tcp', '127.0.0.1:8080', 'node', 'systemd:shop.service'],
        ['listen', 'tcp', '127.0.0.1:25', 'master', 'systemd:postfix@-.service'],
        ['talks', '192.0.2.11:40312', '192.0.2.10:5432', 'systemd:shop.service'],
        ['mount', '192.0.2.10:/srv/media', '/mnt/media\\040here', 'nfs4'],
        ['unseen', 'processes of other users (ss, /proc)'],
      ),
      jobs: lines(['mail', '/etc/postfix/main.cf']),
      mentions: lines(['mention', '/etc/shop/shop.env', '4', '192.0.2.10:5432']),
      service: lines(
        ['nginx', '/etc/nginx/sites-enabled/shop', 'upstream shop {'],
        ['nginx', '/etc/nginx/sites-enabled/shop', 'server 127.0.0.1:8080 ;'],
        ['nginx', '/etc/nginx/sites-enabled/shop', 'other }'],
        ['nginx', '/etc/nginx/sites-enabled/shop', 'server {'],
        ['nginx', '/etc/nginx/sites-enabled/shop', 'listen 443 ssl ;'],
        ['nginx', '/etc/nginx/sites-enabled/shop', 'server_name shop.test www.shop.test ;'],
        ['nginx', '/etc/nginx/sites-enabled/shop', 'location / {'],
        ['nginx', '/etc/nginx/sites-enabled/shop', 'proxy_pass http://shop ;'],
        ['nginx', '/etc/nginx/sites-enabled/shop', 'other }'],
        ['nginx', '/etc/nginx/sites-enabled/shop', 'other }'],
      ),
    },
  },
  {
    side: 'source',
    ssh: 'paris-ns',
    outputs: {
      login: root('192.0.2.12'),
      host: host('ns', '192.0.2.12', ['listen', 'tcp', '192.0.2.12:53', 'named', 'systemd:named.service']),
      dns: lines(
        ['key', 'mover', 'hmac-sha256'],
        ['zone', 'shop.test', 'master', 'mover'],
        ['record', 'shop.test', 'shop.test.', '3600', 'NS', 'ns.shop.test.'],
        ['record', 'shop.test', 'shop.test.', '3600', 'MX', '10 mail.shop.test.'],
        ['record', 'shop.test', 'shop.test.', '3600', 'TXT', '"v=spf1 ip4:192.0.2.11 -all"'],
        ['record', 'shop.test', 'www.shop.test.', '3600', 'A', '192.0.2.11'],
        ['record', 'shop.test', 'pool.shop.test.', '300', 'A', '192.0.2.11'],
        ['record', 'shop.test', 'pool.shop.test.', '300', 'A', '203.0.113.8'],
        ['record', 'shop.test', 'other.shop.test.', '3600', 'A', '203.0.113.9'],
      ),
    },
  },
  {
    side: 'target',
    ssh: 'lyon-db',
    outputs: {
      login: root('198.51.100.10'),
      host: host('db', '198.51.100.10'),
      postgres: lines(['installed', '15']),
    },
  },
  {
    side: 'target',
    ssh: 'lyon-web',
    outputs: { login: root('198.51.100.11'), host: host('web', '198.51.100.11') },
  },
]
