/** The two-site laboratory, for the command line, the demo and the tests. It prints nothing. */
export { enterArgv, execIn } from './enter.ts'
export { lowerLab } from './lower.ts'
export { messages } from './messages.ts'
export { openLab } from './open.ts'
export { raiseLab } from './raise.ts'
export type { Lab, LabHost, LabOptions, LabPart, LabSize } from './types.ts'
