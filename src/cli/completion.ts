import tab from '@bomb.sh/tab/commander'
import type { Command } from 'commander'
import type { Verb } from './verb.ts'

const shells = ['bash', 'zsh', 'fish', 'powershell'] as const

/** Only for the help: completion is answered by `completeShell`, before the command line is parsed. */
export const completion: Verb = {
  name: 'completion',
  group: 'tools',
  summary: 'cli.completion.summary',
  examples: 'cli.completion.examples',
  arguments: [{ name: 'shell', text: 'cli.argument.shell', choices: shells }],
}

/**
 * Answers `bascule completion <shell>` (a script for that shell) and `bascule complete -- …` (what the script asks for
 * at each Tab). False when something else was typed.
 */
export function completeShell(argv: readonly string[], build: () => Command): boolean {
  const [verb, shell] = argv
  const asked = shells.find(known => known === shell)
  if (verb === 'completion' && asked) {
    if (asked === 'bash') process.stdout.write(`${wordsOfBash}\n`)
    withTab(build()).setup('bascule', 'bascule', asked)
    return true
  }
  if (verb === 'complete' && shell === '--') {
    withTab(build()).parse(argv.slice(2))
    return true
  }
  return false
}

/** The library adds its own `completion` and `complete` verbs: `program` must be without ours. */
function withTab(program: Command): ReturnType<typeof tab> {
  return tab(program, { completionCommandName: completion.name })
}

/** The script calls a function of the bash-completion package; a bash without the package gets it here. */
const wordsOfBash = `declare -F _get_comp_words_by_ref >/dev/null || _get_comp_words_by_ref() {
    cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} cword=$COMP_CWORD words=("\${COMP_WORDS[@]}")
}`
