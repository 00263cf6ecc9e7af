import { Help, type HelpConfiguration, type Option } from 'commander'
import type { MessageKey, Text } from '../model/text.ts'

/** Commander's own words, by the catalogue entry that replaces them. */
const headings: Record<string, MessageKey> = {
  'Usage:': 'cli.heading.usage',
  'Arguments:': 'cli.heading.arguments',
  'Options:': 'cli.heading.options',
  'Global Options:': 'cli.heading.globalOptions',
  'Commands:': 'cli.heading.verbs',
}

/** Help in the language of the context, with the options of all verbs under each verb. */
export function helpSettings(say: (text: Text) => string): HelpConfiguration {
  return {
    showGlobalOptions: true,
    boxWrap,
    styleTitle: title => (headings[title] ? say({ key: headings[title] }) : title),
    optionDescription: option => withChoices(option, say),
    argumentDescription: argument => withChoices(argument, say),
  }
}

/** Commander breaks lines at every kind of space, also at one that must keep its words together. */
function boxWrap(this: Help, text: string, width: number): string {
  const [kept, standIn] = ['\u00a0', '\ue000']
  return Help.prototype.boxWrap.call(this, text.replaceAll(kept, standIn), width).replaceAll(standIn, kept)
}

function withChoices(of: Pick<Option, 'description' | 'argChoices'>, say: (text: Text) => string): string {
  if (!of.argChoices) return of.description
  return `${of.description} (${say({ key: 'cli.choices', values: { choices: of.argChoices.join(', ') } })})`
}
