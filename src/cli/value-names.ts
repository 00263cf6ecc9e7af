import type { MessageKey, Text } from '../model/text.ts'

/** What stands for a value in the help, e.g. `<file>`, and for an argument. */
export const valueNames = {
  address: 'cli.value.address',
  command: 'cli.value.command',
  component: 'cli.value.component',
  day: 'cli.value.day',
  directory: 'cli.value.directory',
  file: 'cli.value.file',
  files: 'cli.value.files',
  gate: 'cli.value.gate',
  hash: 'cli.value.hash',
  host: 'cli.value.host',
  language: 'cli.value.language',
  mode: 'cli.value.mode',
  name: 'cli.value.name',
  part: 'cli.value.part',
  path: 'cli.value.path',
  rate: 'cli.value.rate',
  reason: 'cli.value.reason',
  role: 'cli.value.role',
  seconds: 'cli.value.seconds',
  shell: 'cli.value.shell',
  site: 'cli.value.site',
  size: 'cli.value.size',
  step: 'cli.value.step',
  text: 'cli.value.text',
  time: 'cli.value.time',
} as const satisfies Record<string, MessageKey>
export type ValueName = keyof typeof valueNames

type Say = (text: Text) => string

/** As commander reads them and the help shows them, e.g. `--gate <gate>`; the option itself has one name in every language. */
export function flagsIn({ flags, value }: { flags: string; value?: ValueName }, say: Say): string {
  return value === undefined ? flags : `${flags} <${say({ key: valueNames[value] })}>`
}

/** The same of an argument, e.g. `<step>`, `[files...]`. */
export function argumentIn(
  { name, optional, variadic }: { name: ValueName; optional?: boolean; variadic?: boolean },
  say: Say,
): string {
  const word = `${say({ key: valueNames[name] })}${variadic ? '...' : ''}`
  return optional ? `[${word}]` : `<${word}>`
}
