import { describe, expect, test } from 'vitest'
import { renderLine, span } from '../../src/views/lines.ts'
import { toMarkdown } from '../../src/views/report-markdown.ts'

const hostile = 'bash: \u001b[2J\u001b[H\u009b31m\u007f\r\u202egone\n✔ gate go passed'

describe('words of a remote host', () => {
  test('do not control the terminal, and are no line of their own', () => {
    expect(renderLine([span('failed: '), span(hostile, 'bad')])).toBe(
      'failed: bash: ␛[2J␛[H<U+009B>31m␡␍<U+202E>gone\n    ✔ gate go passed',
    )
  })

  test('do not control the terminal that a report is printed on', () => {
    const verdict = { text: 'failed', tone: 'bad' as const }
    const document = { title: 't', subtitle: 's', verdict, footer: 'f', sections: [] }
    const blocks = [{ type: 'paragraph' as const, text: hostile }]
    const text = toMarkdown({ ...document, sections: [{ title: 'Notes', blocks }] } as unknown as Parameters<
      typeof toMarkdown
    >[0])
    expect(text).not.toMatch(/(?!\n)\p{Cc}/u)
    expect(text).toContain('gone ✔ gate go passed')
  })
})
