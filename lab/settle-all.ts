/**
 * Waits for all, then throws the first error if there was one. Unlike Promise.all nothing is still at work when it
 * throws: what clears up afterwards must not race with what is still being made.
 */
export async function settleAllThenThrow<T>(work: Iterable<Promise<T>>): Promise<T[]> {
  const settled = await Promise.allSettled(work)
  return settled.map(result => {
    if (result.status === 'rejected') throw result.reason
    return result.value
  })
}
