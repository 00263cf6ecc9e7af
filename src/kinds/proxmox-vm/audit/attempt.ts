import { Failure, type FailureRecord } from '../../../model/failure.ts'
import type { ReadIo } from '../../../model/io.ts'

/** What could not be asked is a finding, not the end of the audit: its Failure is given instead. */
export async function attempt<T>(
  io: ReadIo,
  work: Promise<T>,
): Promise<{ value: T } | { failure: FailureRecord }> {
  try {
    return { value: await work }
  } catch (error) {
    if (io.signal.aborted || !(error instanceof Failure)) throw error
    const { text, remedy } = error
    return { failure: { text, ...(remedy ? { remedy } : {}) } }
  }
}

/** The same where one answer of many is missing: undefined. */
export async function ifKnown<T>(io: ReadIo, work: Promise<T>): Promise<T | undefined> {
  const end = await attempt(io, work)
  return 'value' in end ? end.value : undefined
}
