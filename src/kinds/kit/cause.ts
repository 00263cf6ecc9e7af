/** "connect ECONNREFUSED 10.0.0.1:80" tells more than the failure around it, which names the host or server once more. */
export function deepestMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return 'timeout'
  return error.cause instanceof Error ? deepestMessage(error.cause) : error.message
}
