import editDistance from 'damerau-levenshtein'

/** The known name that a person most likely meant, or undefined when none is near. */
export function nearestName(written: string, known: Iterable<string>): string | undefined {
  let best: { name: string; distance: number } | undefined
  // A third of the letters may differ: one or two letters have only their own capitals to be mistaken for.
  const limit = Math.floor(written.length / 3)
  for (const name of known) {
    if (Math.abs(name.length - written.length) > limit) continue
    const distance = editDistance(written.toLowerCase(), name.toLowerCase()).steps
    if (distance <= limit && (best === undefined || distance < best.distance)) best = { name, distance }
  }
  return best?.name
}
