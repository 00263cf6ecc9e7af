/** `TechCorp, de Montpellier à Toulouse` → `techcorp-de-montpellier-a-toulouse`; `otherwise` where nothing is left. */
export function slug(text: string, otherwise = 'migration'): string {
  const bare = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  const words = bare.replace(/[^a-z0-9]+/g, '-').replace(/^[^a-z]+|-+$/g, '')
  return words === '' ? otherwise : words
}
