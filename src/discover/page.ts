import type { Component } from './components.ts'
import type { Section } from './leftovers.ts'
import { oneLine, type Question, type Say, sentence } from './written.ts'

/** The page beside the plan, in Markdown: what was found, what people must answer, what moves with it. Pure. */
export function discoveredPage(
  components: readonly Component[],
  questions: readonly Question[],
  sections: readonly Section[],
  say: Say,
): string {
  const text = (key: Parameters<Say>[0]) => escaped(sentence(say, key))
  const found = components.map(({ id, kind, host, needs }) => {
    const needed =
      needs.length === 0
        ? ''
        : ` ${text({ key: 'discover.page.needs', values: { needs: needs.join(', ') } })}`
    return `- \`${id}\` (${kind}, \`${oneLine(host.ssh)}\`).${needed}`
  })
  const open = questions.map(({ path, question, candidates }) => {
    const choice =
      candidates.length === 0
        ? ''
        : ` ${text({ key: 'discover.candidates', values: { names: candidates.join(', ') } })}`
    return `- \`${path}\`: ${escaped(question)}${choice}`
  })
  const filled = sections.filter(({ items }) => items.length > 0)
  const empty = sections.filter(({ items }) => items.length === 0)
  return [
    `# ${text({ key: 'discover.page.title' })}`,
    '',
    text({ key: 'discover.page.head' }),
    '',
    `## ${text({ key: 'discover.page.components' })}`,
    '',
    ...found,
    '',
    `## ${text({ key: 'discover.page.questions' })}`,
    '',
    ...open,
    ...filled.flatMap(({ title, why, items }) => [
      '',
      `## ${text(title)}`,
      '',
      text(why),
      '',
      ...items.map(item => `- ${text(item)}`),
    ]),
    ...(empty.length === 0
      ? []
      : [
          '',
          `## ${text({ key: 'discover.page.none' })}`,
          '',
          ...empty.map(({ title }) => `- ${text(title)}`),
        ]),
    '',
  ].join('\n')
}

/** Outside of backticks nothing of a host's words may be markup; what stands in them is text already. */
const escaped = (line: string): string =>
  line
    .split('`')
    .map((part, index) => (index % 2 === 0 ? part.replaceAll(/[\\*_[\]<>|#]/g, '\\$&') : part))
    .join('`')
