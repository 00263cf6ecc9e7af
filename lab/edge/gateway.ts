import { prefixOf } from '../topology.ts'

/** What users know by name, what answers for it at a site, and the flag that puts its maintenance page up. */
export type VirtualHost = { name: string; flag: string; lastByte: number; port: number }
export const virtualHosts: readonly VirtualHost[] = [
  { name: 'auth', flag: 'auth', lastByte: 30, port: 8080 },
  { name: 'courses', flag: 'courses', lastByte: 40, port: 8080 },
  { name: 'files', flag: 'media', lastByte: 20, port: 80 },
  { name: 'dashboard', flag: 'dashboard', lastByte: 50, port: 8080 },
]
export const zone = 'techcorp.test'
export const maintenanceDirectory = '/etc/estate/maintenance'

/** The site's front door: one virtual host a service, closed by a flag file without any reload. */
export function gatewayConfig(index: number, site: 'montpellier' | 'toulouse'): string {
  const lan = `${prefixOf(index)}.${site === 'montpellier' ? 1 : 2}`
  return `${serverHead()}
  map $http_accept $page {
    default json;
    ~text/html html;
  }
  server {
    listen 80 default_server;
    return 404;
  }
${virtualHosts.map(host => virtualHost(host, `http://${lan}.${host.lastByte}:${host.port}`, site)).join('\n')}
}
`
}

const virtualHost = (host: VirtualHost, backend: string, site: string): string => `  server {
    listen 80;
    server_name ${host.name}.${zone};
    location / {
      # Here and not in the server block: there it would also catch the way to the page itself.
      if (-f ${maintenanceDirectory}/${host.flag}) { return 503; }
      error_page 503 /maintenance.$page;
      proxy_pass ${backend};
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_connect_timeout 2s;
      # A request that may have been carried out is never sent twice.
      proxy_next_upstream off;
    }
    location ^~ /maintenance. {
      internal;
      root /etc/estate/pages;
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
