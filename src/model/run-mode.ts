/** `close`: after the monitoring period; restores TTLs and removes what was kept ready for a rollback. */
export type RunMode = 'preparation' | 'rehearsal' | 'live' | 'close'
