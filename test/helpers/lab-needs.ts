import { describe } from 'vitest'

/** Whether this machine lets the lab be raised at all. The runner of `npm test` counts and names what is left out. */
export const describeLab = describe.runIf(process.getuid?.() === 0)
