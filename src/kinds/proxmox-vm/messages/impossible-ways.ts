import type { Catalogue } from '../../../model/text.ts'

/** Of the reason why a way is not possible, the whole sentence that says of which way it is the reason. */
export const sentenceOf = (why: string): string => `${why}.way`

/** Those sentences, for every reason there is in a catalogue. */
export const impossibleWays = (catalogue: Catalogue, begin: string): Catalogue =>
  Object.fromEntries(
    Object.entries(catalogue)
      .filter(([key]) => /\.impossible\.\w+$/.test(key))
      .map(([key, reason]) => [sentenceOf(key), `${begin}${reason}.`]),
  )
