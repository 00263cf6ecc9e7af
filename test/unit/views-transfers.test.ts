import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/model/json.ts'
import { reportJson } from '../../src/views/json.ts'
import { report } from '../../src/views/report.ts'
import { reportDocument } from '../../src/views/report-document.ts'
import { toMarkdown } from '../../src/views/report-markdown.ts'
import { aViewedNight, pictureOf } from '../helpers/night-run-views.ts'
import { strictFormatter } from '../helpers/strict-formatter.ts'

async function reportedWith(results: Record<string, JsonObject>) {
  const night = aViewedNight()
  await night.carryOut(false)
  const [runView, formatter] = [pictureOf(night), strictFormatter('en')]
  for (const [step, result] of Object.entries(results)) {
    const state = runView.run?.steps[step]
    if (state) state.result = result
  }
  const journal = { entries: 1, head: 'ab', verified: true }
  const view = report({ runView, entries: night.journal.entries(), journal }, formatter)
  return { json: reportJson(view, formatter), markdown: toMarkdown(reportDocument(view, runView, formatter)) }
}

describe('what was sent', () => {
  it('stands beside the whole it is part of, for whatever step says so', async () => {
    const transfer = { imageBytes: 156_000_000, sentBytes: 2_400_000, seconds: 3.2 }
    const { json, markdown } = await reportedWith({ 'files.delta': { transfer, sentFiles: 3 } })
    expect(json.transfers).toEqual([{ step: 'files.delta', component: 'files', ...transfer }])
    const [, section = ''] = markdown.split('## Transfers: size and amount sent')
    expect(section).toContain('| step files.delta | 156000000 B | 2400000 B | 0:03 |')
  })

  it.each([[{ transfer: null }], [{ transfer: { sentBytes: 1 } }], [{ sentBytes: 5 }]])(
    'is left out of a result like %o',
    async result => {
      const { json, markdown } = await reportedWith({ 'files.delta': result })
      expect(json.transfers).toEqual([])
      expect(markdown).not.toContain('What was sent')
    },
  )
})
