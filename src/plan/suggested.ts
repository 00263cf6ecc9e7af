/** What `bascule init` writes under `rollback`, and a repair proposes where a plan says `?`. People have to confirm it. */
export const suggestedRollback: Record<string, string | number> = {
  databaseStart: '5 min',
  serviceStartAttempts: 3,
  lineLost: '5 min',
  margin: '10 min',
}
