import { stringify } from 'yaml'
import type { Draft } from '../model/discovery.ts'
import type { Json } from '../model/json.ts'
import type { Text } from '../model/text.ts'
import { scalar } from '../plan/scalar.ts'
import { visible } from '../views/lines.ts'

export type Say = (text: Text) => string
/** One question that the drafted plan leaves open: where it stands, and what is to be chosen from. */
export type Question = { path: string; question: string; candidates: readonly string[] }

/** What stands in the place of an answer; `bascule check` refuses it, with the question beside it. */
const open = 'TODO'
/** Beyond it a name of a host is cut: a comment is one line. */
const longest = 300

/** A host's words in a comment or in a sentence: one line, with no sign that a terminal, YAML or Markdown takes for its own. */
export function oneLine(text: string): string {
  const line = visible(text)
    .replaceAll('\n', '␊')
    .replaceAll(/[\u2028\u2029]/g, '␊')
    .replaceAll('`', "'")
  return line.length > longest ? `${line.slice(0, longest)}…` : line
}

/** The sentence, with every value in it made harmless: values are hosts' words. */
export function sentence(say: Say, { key, values = {} }: Text): string {
  const harmless = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === 'string' ? oneLine(value) : value,
  ])
  return say({ key, values: Object.fromEntries(harmless) })
}

/** Lines of YAML in block style, so that every question has a line and a comment of its own. */
export class PlanWriter {
  readonly lines: string[] = []
  readonly questions: Question[] = []
  readonly #say: Say

  constructor(say: Say) {
    this.#say = say
  }

  comment(text: Text, indent = ''): void {
    this.lines.push(`${indent}# ${sentence(this.#say, text)}`)
  }
  line(text = ''): void {
    this.lines.push(text)
  }

  /** `key: value`, below `path`, whatever the value is made of. */
  field(key: string, draft: Draft, indent: string, path: string): void {
    const at = `${path}.${key}`
    for (const text of draft.about ?? []) this.comment(text, indent)
    const head = `${indent}${written(key)}:`
    if ('is' in draft) this.line(`${head} ${flow(draft.is)}`)
    else if ('ask' in draft) this.line(`${head} ${this.#asked(draft, at)}`)
    else if ('list' in draft) {
      this.line(head)
      for (const [index, item] of draft.list.entries()) this.#item(item, `${indent}  `, `${at}[${index}]`)
    } else {
      this.line(head)
      for (const [name, inner] of Object.entries(draft.fields)) this.field(name, inner, `${indent}  `, at)
    }
  }

  #item(draft: Draft, indent: string, path: string): void {
    if ('is' in draft || 'ask' in draft) {
      this.line(`${indent}- ${'is' in draft ? flow(draft.is) : this.#asked(draft, path)}`)
      return
    }
    const from = this.lines.length
    const entries: [string, Draft][] =
      'fields' in draft ? Object.entries(draft.fields) : draft.list.map((one, at) => [String(at), one])
    for (const [name, inner] of entries) this.field(name, inner, `${indent}  `, path)
    // the first field stands beside the dash
    const first = this.lines[from]
    if (first !== undefined) this.lines[from] = `${indent}- ${first.slice(indent.length + 2)}`
  }

  #asked({ ask, candidates }: Extract<Draft, { ask: Text }>, path: string): string {
    const question = sentence(this.#say, ask)
    const names = candidates.map(oneLine)
    this.questions.push({ path: path.replace(/^\./, ''), question, candidates: names })
    const choice =
      names.length === 0
        ? ''
        : ` ${sentence(this.#say, { key: 'discover.candidates', values: { names: names.join(', ') } })}`
    return `${open} # ${question}${choice}`
  }
}

/** Marks that turn the direction of writing, or break a line for some who read it. */
const turning = /[\u202A-\u202E\u2066-\u2069\u2028\u2029\uFEFF]/g
const escapeOf = (mark: string): string => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`

/** Plain where it can be read as nothing else, also in brackets; else in quotes. */
function written(value: string | number | boolean | null): string {
  const isPlain =
    typeof value !== 'string' || /^[A-Za-z/][\w/.@+-]*(?:(?::| (?=[\w/]))[\w/.@+-]+)*$/.test(value)
  return isPlain && stringify(value).trimEnd() === String(value)
    ? String(value)
    : scalar(value).replaceAll(turning, escapeOf)
}

/** A value on one line. */
export function flow(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`
  if (typeof value !== 'object' || value === null) return written(value)
  const entries = Object.entries(value).map(([key, inner]) => `${written(key)}: ${flow(inner)}`)
  return `{${entries.join(', ')}}`
}
