/** The two-site laboratory, for the command line, the demo and the tests. It prints nothing. */
export { enterArgv, execIn, hostOf } from './enter.ts'
export { lowerLab } from './lower.ts'
export { messages } from './messages.ts'
export { openLab } from './open.ts'
export { raiseLab } from './raise.ts'
export { allLabs, type LabStatus, labStatus } from './status.ts'
export { withoutMachines } from './topology.ts'
export type { Lab, LabHost, LabOptions, LabPart, LabSize } from './types.ts'
