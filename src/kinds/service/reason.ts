/** "connect ECONNREFUSED 10.0.0.1:80" tells more than the failure around it. */
export function deepestMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? deepestMessage(error.cause) : error.message
}
