/**
 * What Proxmox VE says when it will not do something, in its own words. Outside of a task it becomes the answer's
 * status and reason; inside a task `TASK ERROR: <reason>`.
 */
export class Refusal extends Error {
  readonly status: number
  readonly reason: string
  /** Per parameter, as PVE gives them beside `Parameter verification failed.` */
  readonly errors: Record<string, string> | undefined
  constructor(
    reason: string,
    options: { status?: number; errors?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(reason, { cause: options.cause })
    this.name = 'Refusal'
    this.status = options.status ?? 500
    this.reason = reason
    this.errors = options.errors
  }
}
