import type { PoolConfig } from 'pg'
import { parseSiteNetworks, siteByAddress } from './site.ts'

/** What every program of the estate is told by its environment. */
export type Configuration = {
  /** Sent as X-Site with every response, so that users can tell which site answered. A machine that moves finds another. */
  readonly site: string
  listenAddress: string
  listenPort: number
  database: PoolConfig
  /** Where the program keeps state of its own; without it, everything is in the database. */
  stateDirectory?: string
}

/** Throws with every missing or malformed variable named at once. */
export function readConfiguration(environment: NodeJS.ProcessEnv = process.env): Configuration {
  const wrong: string[] = []
  const text = (name: string, fallback?: string) => {
    const value = environment[name] ?? fallback
    if (!value) wrong.push(`${name} is not set`)
    return value ?? ''
  }
  const port = (name: string, fallback: string) => {
    const value = Number(environment[name] ?? fallback)
    if (!Number.isInteger(value) || value < 0 || value > 65_535) wrong.push(`${name} is not a port`)
    return value
  }
  const networks = parseSiteNetworks(environment.SITE_NETWORKS ?? '')
  const site = networks.size > 0 ? '' : text('SITE')
  const configuration: Configuration = {
    get site() {
      return networks.size > 0 ? siteByAddress(networks) : site
    },
    listenAddress: text('LISTEN_ADDRESS', '0.0.0.0'),
    listenPort: port('LISTEN_PORT', '8080'),
    database: {
      host: text('PGHOST'),
      port: port('PGPORT', '5432'),
      database: text('PGDATABASE', 'techcorp'),
      user: text('PGUSER'),
      password: environment.PGPASSWORD ?? '',
      ssl: sslOf(environment.PGSSLMODE ?? 'require'),
      ...(environment.PG_CONNECTIONS && { max: Number(environment.PG_CONNECTIONS) }),
    },
  }
  if (environment.STATE_DIRECTORY) configuration.stateDirectory = environment.STATE_DIRECTORY
  if (wrong.length > 0) throw new Error(wrong.join('; '))
  return configuration
}

/** A base URL of another service, without its last slash. */
export function readUrl(name: string, environment: NodeJS.ProcessEnv = process.env): string {
  const value = environment[name]
  if (!value || !URL.canParse(value)) throw new Error(`${name} is not a URL`)
  return value.replace(/\/+$/, '')
}

/** libpq's meaning: `require` encrypts and trusts any certificate, where node-postgres would verify it. */
function sslOf(mode: string): PoolConfig['ssl'] {
  if (mode === 'disable') return false
  return { rejectUnauthorized: mode === 'verify-full' }
}
