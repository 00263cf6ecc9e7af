/** What was timed: a step, its undo, all checks of a gate once, or how long a role let a gate wait whose checks had ended. */
export type Timed = 'apply' | 'undo' | 'checks' | 'sign-off'
/** One duration of an earlier run. `id`: of the step, the gate or the role; `like`: what others of the same sort share with it. */
export type Residual = { timed: Timed; id: string; like: string; seconds: number; expectedSeconds: number }
