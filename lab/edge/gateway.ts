import { addressOf, prefixOf } from '../topology.ts'
import { vpnTester } from '../vpn/map.ts'

/**
 * What users know by name, what answers for it at a site, and the flag that puts its maintenance page up. What is internal
 * has no name outside and no door on the public side, where the lab has the part `network`.
 */
export type VirtualHost = {
  name: string
  /** Other names that lead there. */
  aliases?: readonly string[]
  flag: string
  lastByte: number
  port: number
  isInternal: boolean
}
export const virtualHosts: readonly VirtualHost[] = [
  { name: 'auth', flag: 'auth', lastByte: 30, port: 8080, isInternal: false },
  { name: 'courses', aliases: ['www'], flag: 'courses', lastByte: 40, port: 8080, isInternal: false },
  { name: 'files', flag: 'media', lastByte: 20, port: 80, isInternal: false },
  { name: 'dashboard', flag: 'dashboard', lastByte: 50, port: 8080, isInternal: true },
]
export const zone = 'techcorp.test'
export const maintenanceDirectory = '/etc/estate/maintenance'

type Site = 'montpellier' | 'toulouse'

/** The site's front door: one virtual host a service, closed by a flag file without any reload. */
export function gatewayConfig(index: number, site: Site, hasNetwork: boolean): string {
  const gateway = addressOf(index, site, 'gateway')
  // nginx looks for a name among the servers of the most exact address alone: a public one has to say both.
  const everywhere = hasNetwork ? ['80', `${gateway}:80`] : ['80']
  const doorsOf = ({ isInternal }: VirtualHost) => (hasNetwork && isInternal ? [`${gateway}:80`] : everywhere)
  const lan = `${prefixOf(index)}.${site === 'montpellier' ? 1 : 2}`
  const backendOf = ({ lastByte, port }: VirtualHost) => `http://${lan}.${lastByte}:${port}`
  return `${serverHead()}
  map $http_accept $page {
    default json;
    ~text/html html;
  }
  # Services say their site themselves; what nginx answers in place of one that is down says it here.
  map $upstream_http_x_site $site_unsaid {
    default "";
    "" ${site};
  }
  # The dashboard's flag, for requests from there: testers see behind its page, through the VPN.
  geo $flags {
    default ${maintenanceDirectory};
    ${vpnTester(index)} /nonexistent;
  }
  server {
${everywhere.map(door => `    listen ${door} default_server;`).join('\n')}
    return 404;
  }
${virtualHosts.map(host => virtualHost(host, doorsOf(host), backendOf(host), site)).join('\n')}
}
`
}

const virtualHost = (host: VirtualHost, doors: string[], backend: string, site: string): string => `  server {
${doors.map(door => `    listen ${door};`).join('\n')}
    server_name ${[host.name, ...(host.aliases ?? [])].map(name => `${name}.${zone}`).join(' ')};
    location / {
      # Here and not in the server block: there it would also catch the way to the page itself.
      if (-f ${host.isInternal ? '$flags' : maintenanceDirectory}/${host.flag}) { return 503; }
      error_page 503 /maintenance.$page;
      proxy_pass ${backend};
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_connect_timeout 2s;
      # A request that may have been carried out is never sent twice.
      proxy_next_upstream off;
      add_header X-Site $site_unsaid always;
    }
    location ^~ /maintenance. {
      internal;
      root /etc/estate/pages;
      # The next request must find its way anew: it may lead to the other site.
      keepalive_timeout 0;
      add_header Retry-After 60 always;
      add_header X-Maintenance 1 always;
      add_header X-Site ${site} always;
      add_header Cache-Control no-store always;
    }
  }`

/** The files themselves: ranges, types and modification times are nginx's own. */
export const mediaConfig = (address: string, site: string): string => `${serverHead()}
  server {
    listen ${address}:80;
    add_header X-Site ${site} always;
    location = /health { default_type text/plain; return 200 "ok\\n"; }
    location / {
      root /srv/files;
    }
  }
}
`

const serverHead = (): string => `user www-data;
worker_processes 1;
pid /run/nginx/nginx.pid;
error_log /var/log/nginx/error.log;
events { worker_connections 1024; }
http {
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  charset_types text/plain text/vtt;
  charset utf-8;
  sendfile on;
  access_log /var/log/nginx/access.log;
  client_body_temp_path /run/nginx/body;
  proxy_temp_path /run/nginx/proxy;
  fastcgi_temp_path /run/nginx/fastcgi;
  uwsgi_temp_path /run/nginx/uwsgi;
  scgi_temp_path /run/nginx/scgi;`

export const maintenancePages: Record<'json' | 'html', string> = {
  json: `${JSON.stringify({ maintenance: true, message: 'Maintenance en cours' })}\n`,
  html: `<!doctype html>
<html lang="fr">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Maintenance en cours – TechCorp Formation</title>
<h1>Maintenance en cours</h1>
<p>La plateforme déménage cette nuit. Vos cours et vos résultats sont conservés ; revenez dans un moment.</p>
<p lang="en">The platform is moving tonight. Your courses and results are kept; please come back shortly.</p>
</html>
`,
}
