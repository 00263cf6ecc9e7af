import type { Pool } from 'pg'

export type Services = { auth: string; courses: string }
type Counts = { accounts: number; activeSessions: number; progress: number; answers: number }
export type Summary = {
  site: string
  at: string
  counts: Counts
  services: Record<keyof Services, { healthy: boolean; site: string | null }>
}

/** Counting a large table for each of a hundred readers would load the estate more than its users do. */
const keptMilliseconds = 2000

export function summaryReader(pool: Pool, site: string, services: Services): () => Promise<Summary> {
  let kept: { until: number; summary: Promise<Summary> } | undefined
  return () => {
    if (kept && kept.until > Date.now()) return kept.summary
    const summary = readSummary(pool, site, services)
    kept = { until: Date.now() + keptMilliseconds, summary }
    summary.catch(() => {
      kept = undefined
    })
    return summary
  }
}

async function readSummary(pool: Pool, site: string, services: Services): Promise<Summary> {
  const [inDatabase, sessionsAtAuth, auth, courses] = await Promise.all([
    readCounts(pool),
    readSessions(services.auth),
    readHealth(services.auth),
    readHealth(services.courses),
  ])
  const counts = { ...inDatabase, activeSessions: sessionsAtAuth ?? inDatabase.activeSessions }
  return { site, at: new Date().toISOString(), counts, services: { auth, courses } }
}

async function readCounts(pool: Pool): Promise<Counts> {
  const { rows } = await pool.query<Counts>(
    `SELECT (SELECT count(*) FROM accounts)::int AS accounts,
            (SELECT count(*) FROM sessions WHERE expires_at > now())::int AS "activeSessions",
            (SELECT count(*) FROM progress)::int AS progress,
            (SELECT count(*) FROM answers)::int AS answers`,
  )
  return rows[0] as Counts
}

/** Nothing when auth keeps its sessions in the database, or does not answer. */
async function readSessions(authUrl: string): Promise<number | undefined> {
  try {
    const response = await fetch(`${authUrl}/alive`, { signal: AbortSignal.timeout(2000) })
    const { sessions } = (await response.json()) as { sessions?: unknown }
    return typeof sessions === 'number' ? sessions : undefined
  } catch {
    return undefined
  }
}

async function readHealth(url: string): Promise<{ healthy: boolean; site: string | null }> {
  try {
    const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(2000) })
    await response.arrayBuffer()
    return { healthy: response.ok, site: response.headers.get('x-site') }
  } catch {
    return { healthy: false, site: null }
  }
}
