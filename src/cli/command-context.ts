import { styleText } from 'node:util'
import type { Language } from '../i18n/language.ts'
import { createTranslator, type Translate } from '../i18n/translator.ts'
import type { Kind } from '../model/kind.ts'
import type { Plan } from '../model/plan.ts'
import type { Catalogues, Text } from '../model/text.ts'
import { createFormatter } from '../views/create-formatter.ts'
import type { Formatter } from '../views/formatter.ts'
import { type Line, type Paint, plain, renderLines, type Style } from '../views/lines.ts'
import type { Proposal } from '../views/waiting.ts'
import { catalogues } from './catalogues.ts'
import type { GlobalOptions } from './global-options.ts'
import { typedLine } from './typed-line.ts'

type Output = { write(text: string): unknown; isTTY?: boolean; columns?: number; rows?: number }

/** What every verb has at hand: the options of all verbs, a language, data out, progress out, the kinds. */
export class CommandContext {
  readonly options: GlobalOptions
  readonly language: Language
  /** Heads every command shown for typing. */
  readonly commandPrefix: string
  readonly stdout: Output
  readonly stderr: Output
  readonly env: Record<string, string | undefined>
  #catalogues = catalogues
  #translate: Translate = createTranslator(catalogues)
  #kinds: Record<string, Kind> | undefined

  constructor(
    options: GlobalOptions,
    language: Language,
    typed: string,
    streams: { stdout: Output; stderr: Output },
    env: Record<string, string | undefined>,
  ) {
    this.options = options
    this.language = language
    this.commandPrefix = typed
    this.stdout = streams.stdout
    this.stderr = streams.stderr
    this.env = env
  }

  readonly say = (text: Text): string => this.#translate(text, this.language)

  /** The line that gives an order for this migration, ready to be typed. */
  readonly typed = (proposal: Proposal): string => typedLine(this.commandPrefix, proposal)

  formatter(plan: Pick<Plan, 'zone'>): Formatter {
    return createFormatter(this.say, this.language, plan.zone)
  }

  /** The same, spoken in another language: for a page that every reader has in his own. */
  inLanguage(language: Language): CommandContext {
    const other = new CommandContext(this.options, language, this.commandPrefix, this, this.env)
    other.#kinds = this.#kinds
    other.#catalogues = this.#catalogues
    other.#translate = this.#translate
    return other
  }

  /** Kinds are loaded when a verb first needs them: help must not wait for every kind. */
  async kinds(): Promise<Record<string, Kind>> {
    if (this.#kinds) return this.#kinds
    const { loadKinds } = await import('../kinds/registry.ts')
    this.#kinds = await loadKinds()
    this.addCatalogues(...Object.values(this.#kinds).map(kind => kind.messages))
    return this.#kinds
  }

  /** From now on these sentences are spoken too. */
  addCatalogues(...more: Catalogues[]): void {
    this.#catalogues = [...this.#catalogues, ...more]
    this.#translate = createTranslator(this.#catalogues)
  }

  /** Data for people, on stdout; nothing with --json, whose one document is all that stdout gets. With --quiet what fails, and the last line. */
  print(lines: Line[]): void {
    if (this.options.json) return
    const shown = this.options.quiet ? [...failing(lines.slice(0, -1)), ...lines.slice(-1)] : lines
    this.stdout.write(`${renderLines(shown, this.paintOf(this.stdout)).join('\n')}\n`)
  }

  /** What people are told on the way, on stderr; with --quiet what fails. */
  printProgress(lines: Line[]): void {
    const shown = this.options.quiet ? failing(lines) : lines
    if (shown.length > 0 || lines.length === 0) this.printAlways(shown)
  }

  /** The same, however little was asked for: why the program ends, and what was asked for by name. */
  printAlways(lines: Line[]): void {
    this.stderr.write(`${renderLines(lines, this.paintOf(this.stderr)).join('\n')}\n`)
  }

  /** The one document of a verb called with --json. */
  json(document: unknown): void {
    if (this.options.json) this.stdout.write(`${JSON.stringify(document, null, 2)}\n`)
  }

  paintOf(output: Output): Paint {
    return this.options.color && output.isTTY ? paint : plain
  }
}

/** What fails, each with the remedy in the line after it. */
function failing(lines: readonly Line[]): Line[] {
  const fails = (line: Line | undefined): boolean => line?.some(({ style }) => style === 'bad') === true
  const isRemedy = ([first]: Line): boolean => first?.text.trim() === '→'
  return lines.filter((line, index) => fails(line) || (isRemedy(line) && fails(lines[index - 1])))
}

const formats: Record<Style, Parameters<typeof styleText>[0]> = {
  strong: 'bold',
  dim: 'dim',
  good: 'green',
  bad: ['bold', 'red'],
  active: 'cyan',
  warn: 'yellow',
}

const paint: Paint = (text, style) => styleText(formats[style], text, { validateStream: false })
