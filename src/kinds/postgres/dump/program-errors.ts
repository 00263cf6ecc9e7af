/** What pg_dump and its like say of themselves; a statement that failed is left out, for it may hold a password. */
export const programErrors = (printed: string): string =>
  printed
    .split('\n')
    .filter(line => /^(pg_\w+|psql|vacuumdb)\S*: |: No space left/.test(line) && !/Command was:/.test(line))
    .slice(-3)
    .join(' ')
    .slice(-400)
