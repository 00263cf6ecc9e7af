import { execFile } from 'node:child_process'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import { messages as i18nMessages } from '../../src/cli/messages.ts'
import { createTranslator } from '../../src/i18n/translator.ts'
import { loadKinds } from '../../src/kinds/registry.ts'
import type { Kind, StepContext } from '../../src/model/kind.ts'
import type { Plan } from '../../src/model/plan.ts'
import type { Runbook } from '../../src/model/step.ts'
import type { MessageKey } from '../../src/model/text.ts'
import { openPlan } from '../../src/plan/load.ts'
import { compile } from '../../src/runbook/compile.ts'
import { recordingIo } from '../doubles/recording.ts'
import { onCommand } from '../doubles/recording-answers.ts'
import { blocksOf, pageNamed, root } from '../helpers/docs-pages.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const blocks = blocksOf(pageNamed('docs/add-a-kind.md'))
const sources = blocks.filter(block => block.mark.startsWith('src/kinds/cronjob/'))
const overlay = blocks.find(block => block.mark === 'overlay')?.text ?? ''
let folder: string
let kind: Kind
let plan: Plan
let runbook: Runbook

beforeAll(async () => {
  folder = temporaryFolder('kind')
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  for (const { mark, text } of sources) {
    await mkdir(join(folder, dirname(mark)), { recursive: true })
    await writeFile(join(folder, mark), text)
  }
  await symlink(join(root, 'src/model'), join(folder, 'src/model'))
  await symlink(join(root, 'src/kinds/kit'), join(folder, 'src/kinds/kit'))
  await symlink(join(root, 'src/transport'), join(folder, 'src/transport'))
  await writeFile(join(folder, 'package.json'), '{"type": "module"}')
  await writeFile(join(folder, 'overlay.yaml'), overlay)
  const added = await loadKinds(join(folder, 'src/kinds'))
  kind = added.cronjob as Kind
  const kinds = { ...(await loadKinds()), ...added }
  plan = await openPlan([join(root, 'examples/techcorp/plan.yaml'), join(folder, 'overlay.yaml')], kinds)
  runbook = compile({ plan, kinds, mode: 'live', facts: {} })
})

test('the files of the page have no type error', async () => {
  const settings = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: { typeRoots: [join(root, 'node_modules/@types')] },
    // The kit's own sentences, too.
    include: ['src/kinds/cronjob', join(root, 'src/**/messages.ts')],
  }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(settings))
  const compiler = join(root, 'node_modules/@typescript/native/bin/tsc')
  const checked = promisify(execFile)(process.execPath, [compiler, '--noEmit', '-p', folder])
  await expect(checked.catch(error => error.stdout)).resolves.toMatchObject({ stdout: '' })
})

test('the folder is a kind, and its component has its place in the night', () => {
  const waits = (id: string) => runbook.steps.find(step => step.id === id)?.after ?? []
  expect(runbook.steps.filter(step => step.kind === 'cronjob').map(step => [step.id, step.stage])).toEqual([
    ['invoices.switch-off', 'quiesce'],
    ['invoices.switch-on', 'settle'],
  ])
  // it needs the database: it stops before that is fenced
  expect(waits('database.fence')).toContain('invoices.switch-off')
})

test('a rehearsal and a preparation leave the job alone', async () => {
  const kinds = { ...(await loadKinds()), cronjob: kind }
  for (const mode of ['preparation', 'rehearsal'] as const) {
    const steps = compile({ plan, kinds, mode, facts: {} }).steps
    expect(steps.filter(step => step.kind === 'cronjob')).toEqual([])
  }
})

test('a mistake in the plan is told', async () => {
  await writeFile(join(folder, 'wrong.yaml'), overlay.replace('job: invoices', 'job: invoices.daily'))
  const kinds = { ...(await loadKinds()), cronjob: kind }
  const files = [join(root, 'examples/techcorp/plan.yaml'), join(folder, 'wrong.yaml')]
  await expect(openPlan(files, kinds)).rejects.toMatchObject({ exitCode: 2 })
})

/** A host with the file under one of its two names. */
function worldWith(there: 'invoices' | 'invoices.off' | undefined) {
  let name = there
  return recordingIo({
    answers: [
      onCommand(/test -e/, call => ({ exitCode: call.argv.at(-1) === `/etc/cron.d/${name}` ? 0 : 1 })),
      onCommand(/mv/, call => {
        name = call.argv.at(-1)?.endsWith('.off') ? 'invoices.off' : 'invoices'
        return ''
      }),
    ],
  })
}

function contextOf(name: string): StepContext {
  const step = runbook.steps.find(each => each.id === `invoices.${name}`)
  const component = plan.components.invoices
  if (step === undefined || component === undefined) throw new Error(`no step ${name}`)
  return { step, component, plan, facts: {}, mode: 'live', fencingNumber: 1, results: {} }
}

test.each([
  ['switch-off', 'invoices', 'mv -T -- /etc/cron.d/invoices /etc/cron.d/invoices.off'],
  ['switch-on', 'invoices.off', 'mv -T -- /etc/cron.d/invoices.off /etc/cron.d/invoices'],
] as const)('%s is done once, seen, and undone once', async (name, before, command) => {
  const context = contextOf(name)
  const action = kind.actions[context.step.action]
  const io = worldWith(before)
  expect(await action?.isDone(context, io)).toBe(false)
  await action?.apply(context, io)
  await action?.apply(context, io)
  expect(await action?.isDone(context, io)).toBe(true)
  await action?.undo?.(context, io)
  await action?.undo?.(context, io)
  expect(await action?.isDone(context, io)).toBe(false)
  const moves = io.changes().map(call => ('argv' in call ? call.argv.join(' ') : ''))
  expect(moves).toHaveLength(2)
  expect(moves[0]).toBe(command)
})

test('a job that is not there is an error with a remedy, in both languages', async () => {
  const context = contextOf('switch-off')
  const failed = kind.actions[context.step.action]?.apply(context, worldWith(undefined))
  await expect(failed).rejects.toMatchObject({ text: { key: 'cronjob.missing' } })
  const translate = createTranslator([i18nMessages, kind.messages])
  for (const language of ['en', 'fr'] as const) {
    for (const key of Object.keys(kind.messages[language])) {
      expect(translate({ key: key as MessageKey, values: {} }, language)).not.toBe(key)
    }
  }
  expect(Object.keys(kind.messages.fr)).toEqual(Object.keys(kind.messages.en))
})

test('the audit reads, and what it found is judged', async () => {
  const component = plan.components.invoices
  if (component === undefined) throw new Error('no component')
  const io = worldWith('invoices')
  const context = { plan, mode: 'live', facts: {} } as const
  const facts = await kind.audit(component, context, io)
  expect(io.changes()).toEqual([])
  expect(kind.findings(component, facts, context).map(({ id, level }) => [id, level])).toEqual([
    ['invoices.source-state', 'ok'],
    ['invoices.target-state', 'block'],
  ])
  const measured = await kind.measures.sitesRunning?.measure(component, { ...context, results: {} }, io)
  expect(measured?.value).toBe(2)
})
