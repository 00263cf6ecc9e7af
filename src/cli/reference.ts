import { createTranslator } from '../i18n/translator.ts'
import { exitCodes } from '../model/failure.ts'
import type { Kind } from '../model/kind.ts'
import type { MessageKey, Text } from '../model/text.ts'
import { evidenceForms } from '../views/evidence.ts'
import { catalogues } from './catalogues.ts'
import { globalFlags } from './global-options.ts'
import { jsonForms, sameForm } from './json-forms.ts'
import { argumentIn, flagsIn, valueNames } from './value-names.ts'
import type { Verb } from './verb.ts'
import { verbs } from './verbs.ts'

export type Say = (key: MessageKey) => string
export type Named = { words: string; verb: Omit<Verb, 'group'> }

/** docs/commands.md, from the same data as the command line: what is typed, what it gives, how it ends. */
export function commandsPage(kinds: Record<string, Kind>): string {
  const translate = createTranslator([...catalogues, ...Object.values(kinds).map(({ messages }) => messages)])
  const english = (text: Text) => translate(text, 'en')
  const say = (key: MessageKey) => english({ key })
  const evidence = evidenceFields(kinds, english)
  return `${[
    '# Commands',
    '<!-- Written by `node src/cli/write-reference.ts`; a test compares. -->',
    'Bascule prints data on stdout, progress and errors on stderr. `bascule <command> --help` prints the text of this page; add `--lang fr` for French.',
    '## Options of every command',
    optionTable(globalFlags.map(flag => [flagsIn(flag, english), say(flag.text)])),
    '## Exit codes',
    table(
      ['code', 'meaning'],
      Object.entries(exitCodes).map(([name, code]) => [
        String(code),
        say(exitMeanings[name as keyof typeof exitCodes]),
      ]),
    ),
    '## JSON',
    'With `--json` a command prints one document on stdout. Instants are ISO strings in UTC, durations are in seconds, sentences are in the chosen language. New versions add fields and rename none. A failed command prints `{"error": {key, text, remedy?, details?, findings?, exitCode}}`; a defect of Bascule adds `reference` and `file`.',
    ...named().flatMap(one => verbSection(one, say, evidence)),
  ].join('\n\n')}\n`
}

export const exitMeanings: Record<keyof typeof exitCodes, MessageKey> = {
  ok: 'cli.exit.ok',
  failure: 'cli.exit.failure',
  usage: 'cli.exit.usage',
  checksFailed: 'cli.exit.checksFailed',
  waitingForPerson: 'cli.exit.waitingForPerson',
  windowInfeasible: 'cli.exit.windowInfeasible',
  returnPathBroken: 'cli.exit.returnPathBroken',
  rolledBack: 'cli.exit.rolledBack',
  rollbackFailed: 'cli.exit.rollbackFailed',
  rolledBackByHand: 'cli.exit.rolledBackByHand',
  locked: 'cli.exit.locked',
}

/** Every line that can be typed; a verb that holds others is none. */
export function named(): Named[] {
  return verbs.flatMap(({ name, verbs: inner, ...verb }): Named[] =>
    inner
      ? inner.map(one => ({ words: `${name} ${one.name}`, verb: one }))
      : [{ words: name, verb: { name, ...verb } }],
  )
}

/** What the report holds of the evidence that kinds have a form for. */
const evidenceFields = (kinds: Record<string, Kind>, say: (text: Text) => string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(evidenceForms(kinds)).map(([field, { label, figures }]) => [
      field,
      `${say(label)}: \`{${figures.join(', ')}}\`; from \`--evidence\``,
    ]),
  )

function verbSection({ words, verb }: Named, say: Say, evidence: Record<string, string>): string[] {
  const rows = (verb.options ?? []).map(({ text, choices, ...shape }): [string, string] => {
    const meaning = say(text)
    return [flagsIn(shape, textsBy(say)), choices ? `${meaning}; one of ${choices.join(', ')}` : meaning]
  })
  const own = jsonForms[sameForm[words] ?? words]
  const form = own && words === 'report' ? { ...own, ...evidence } : own
  const same = sameForm[words]
  return [
    `## ${headingOf({ words, verb }, say)}`,
    `${sentence(say(verb.summary))}`,
    ...(verb.arguments ?? []).map(({ name, text }) => `\`${say(valueNames[name])}\`: ${say(text)}`),
    ...(rows.length > 0 ? [optionTable(rows)] : []),
    `\`\`\`sh\n${say(verb.examples)}\n\`\`\``,
    ...(same ? [`JSON: as of [\`${same}\`](#${anchorOf(same, say)}).`] : form ? [jsonTable(form)] : []),
  ]
}

export function headingOf({ words, verb }: Named, say: Say): string {
  const given = (verb.arguments ?? []).map(argument => argumentIn(argument, textsBy(say)))
  return ['bascule', words, ...given].join(' ')
}

export const textsBy =
  (say: Say) =>
  ({ key }: Text): string =>
    say(key)

/** As code hosts make it of the heading. Throws Error when there is no such verb. */
function anchorOf(words: string, say: Say): string {
  const verb = named().find(one => one.words === words)
  if (verb === undefined) throw new Error(`there is no verb ${words}`)
  return headingOf(verb, say)
    .replaceAll(/[^\w -]/g, '')
    .replaceAll(' ', '-')
}

function jsonTable(form: Record<string, string>): string {
  const rows = Object.entries(form).map(([field, meaning]) => [`\`${field}\``, meaning])
  return table(['JSON field', 'content'], rows)
}

function optionTable(rows: readonly (readonly [string, string])[]): string {
  return table(
    ['option', 'meaning'],
    rows.map(([flags, meaning]) => [`\`${flags}\``, meaning]),
  )
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** A summary that asks ends in its own mark. */
export const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[?!.]$/.test(text) ? '' : '.'}`
