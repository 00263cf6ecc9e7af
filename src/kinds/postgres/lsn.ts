/** A position in the write-ahead log as PostgreSQL prints it: `16/B374D848`. */
export type Lsn = string

/** As one number, so that positions compare and subtract. Throws RangeError on anything else. */
export function lsnToBigint(lsn: Lsn): bigint {
  const match = /^([0-9A-Fa-f]{1,8})\/([0-9A-Fa-f]{1,8})$/.exec(lsn)
  if (match === null) throw new RangeError(`not a position in the log: ${lsn}`)
  return (BigInt(`0x${match[1]}`) << 32n) + BigInt(`0x${match[2]}`)
}

/** Bytes of log from `earlier` to `later`; negative when they are the other way round. */
export const bytesBetween = (earlier: Lsn, later: Lsn): number =>
  Number(lsnToBigint(later) - lsnToBigint(earlier))

export const isAtLeast = (lsn: Lsn, other: Lsn): boolean => lsnToBigint(lsn) >= lsnToBigint(other)
export const isPast = (lsn: Lsn, other: Lsn): boolean => lsnToBigint(lsn) > lsnToBigint(other)
