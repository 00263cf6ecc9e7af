import type { Block, Cell, Document } from './document.ts'
import { visible } from './lines.ts'

/** The report as GitHub-flavoured Markdown. The chart is left to the HTML form; its table is here. */
export function toMarkdown(document: Document): string {
  const parts = [
    `# ${escapeMarkdown(document.title)}`,
    `${escapeMarkdown(document.subtitle)} · **${escapeMarkdown(document.verdict.text)}**`,
    ...document.sections.flatMap(section => [
      `## ${escapeMarkdown(section.title)}`,
      ...section.blocks.map(blockText).filter(text => text !== ''),
    ]),
    `*${escapeMarkdown(document.footer)}*`,
  ]
  return visible(`${parts.join('\n\n')}\n`)
}

function blockText(block: Block): string {
  switch (block.type) {
    case 'paragraph':
      return escapeMarkdown(block.text)
    case 'list':
      return block.items.map(item => `- ${cellText(item)}`).join('\n')
    case 'facts':
      return block.rows
        .map(({ label, value }) => `- **${escapeMarkdown(label)}** ${cellText(value)}`)
        .join('\n')
    case 'table':
      return tableText(block)
    case 'gantt':
    case 'calendar':
    case 'night':
    case 'curve':
    case 'helps':
      return ''
  }
}

function tableText({ columns, figures, rows }: Extract<Block, { type: 'table' }>): string {
  const rule = columns.map((_, index) => (figures.includes(index) ? '---:' : '---'))
  return [columns.map(escapeMarkdown), rule, ...rows.map(row => row.map(cellText))]
    .map(cells => `| ${cells.join(' | ')} |`)
    .join('\n')
}

function cellText({ text, code }: Cell): string {
  const line = text.replaceAll(/[^\S\u00a0\u202f]+/g, ' ')
  return code && line !== ''
    ? `\`${line.replaceAll('`', "'").replaceAll('|', '\\|')}\``
    : escapeMarkdown(line)
}

/** Text that came from people or programs must not become Markdown, HTML or a new table cell. */
function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_[\]|#~]|[<>](?! )/g, '\\$&').replaceAll(/\r?\n/g, ' ')
}
