import { zone } from '../edge/gateway.ts'
import { servicePort } from '../hosts/estate.ts'

export type GuestEnvironment = {
  databasePassword: string
  /** Site name → its network, e.g. `10.80.1.0/24`: where the program is, it tells from its own address. */
  siteNetworks: Record<string, string>
}

/** What a guest's program is told: names alone, so that it can move with nothing but its hosts file changed. */
export function guestEnvironment({
  databasePassword,
  siteNetworks,
}: GuestEnvironment): Record<string, string> {
  return {
    SITE_NETWORKS: Object.entries(siteNetworks)
      .map(([site, network]) => `${site}=${network}`)
      .join(','),
    LISTEN_PORT: String(servicePort),
    PGHOST: 'database',
    PGPORT: '5432',
    PGDATABASE: 'techcorp',
    PGUSER: 'estate',
    PGPASSWORD: databasePassword,
    PGSSLMODE: 'require',
    // Opening one costs an emulated CPU half a second: few, and all of them soon there.
    PG_CONNECTIONS: '3',
    AUTH_URL: `http://auth:${servicePort}`,
    FILES_URL: 'http://files',
    FILES_PUBLIC_URL: `http://files.${zone}`,
  }
}
