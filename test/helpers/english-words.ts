/** Words that an English sentence has and a French one has not. */
const english = new Set(
  `about after all and are at attempt backup before behind by bytes changed cleanly closed compared deleted done
  down each entries executed failed failure files found from gate has have held host in is it kept late link lost lowest
  missing moved must no not of old only open opened order passed probe ready rehearsal rollback rows running seconds sent
  server since skipped snapshot source's started stays step still stopped target than that the their there these this to
  tried until up waiting was were what when where which who will with written wrong yes`.split(/\s+/),
)
/** Names of products and of people, and terabytes. */
const names = new Set(['TechCorp', 'WireGuard', 'PostgreSQL', 'QEMU', 'OpenSSH', 'To'])

/**
 * Words of a French text that are English, or a name of the program in camelCase; what stands in backticks is a command.
 * `known`: ids and roles of the plan, which are typed as they are.
 */
export function englishWords(text: string, known: Iterable<string> = []): string[] {
  const typed = new Set([...names, ...known])
  return text
    .replaceAll(/`[^`]*`/g, '')
    .split(/[^\p{L}\d_-]+/u)
    .filter(word => !typed.has(word) && (english.has(word.toLowerCase()) || /\p{Ll}\p{Lu}/u.test(word)))
}
