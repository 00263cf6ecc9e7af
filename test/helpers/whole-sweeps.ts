import { levelVariable } from '../runner/vitest.ts'

/** False in `npm test`: a sweep that dies once at every effect is left to `npm test -- --all`, and to a file that is run alone. */
export const areSweepsWhole = process.env[levelVariable] !== 'quick'
