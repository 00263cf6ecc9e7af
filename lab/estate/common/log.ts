/** One JSON line on stdout, which the supervisor keeps. Never given a request's body, token or password. */
export function log(event: string, details: Record<string, string | number | boolean> = {}): void {
  process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), event, ...details })}\n`)
}
