import { loadVerbs } from './verb-files.ts'

/** Every verb, in the order in which help shows them, for who needs them all. */
export const verbs = await loadVerbs()
