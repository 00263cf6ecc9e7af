import { expect, test } from 'vitest'
import { createTranslator } from '../../src/i18n/translator.ts'
import { kind } from '../../src/kinds/proxmox-vm/index.ts'
import { applyBlocks } from '../../src/kinds/proxmox-vm/methods/seed-and-delta/apply-blocks.ts'
import { endsOf } from '../../src/kinds/proxmox-vm/sides.ts'
import { Failure } from '../../src/model/failure.ts'
import { recordingIo } from '../doubles/recording.ts'
import { onCommand } from '../doubles/recording-answers.ts'
import { contextOf, machineOf } from '../helpers/proxmox-plan.ts'

const { target } = endsOf(machineOf(contextOf('preparation')))
const translate = createTranslator([kind.messages])
/** As QEMU 7.2 says it. */
const held = `qemu-img: Failed to get "write" lock
Is another process using the image [/images/101/disk.qcow2]?
`

async function applying(stderr: string) {
  const io = recordingIo({
    answers: [onCommand('qemu-img commit', { exitCode: stderr === '' ? 0 : 1, stderr }), onCommand(/./)],
  })
  const error = await applyBlocks(io, target, '/staging/delta.qcow2', '/images/101/disk.qcow2').catch(
    failure => failure,
  )
  return { error, commands: io.changes().length }
}

test('changed blocks are named, written and brought to the disk', async () => {
  expect(await applying('')).toEqual({ error: undefined, commands: 3 })
})

test('an image that a copy still runs on says so, and what to type', async () => {
  const { error, commands } = await applying(held)
  expect(error).toBeInstanceOf(Failure)
  expect(error.text.key).toBe('proxmox-vm.delta.inUse')
  // The image may be half way: what was done is not called done.
  expect(commands).toBe(2)
  for (const language of ['en', 'fr'] as const) {
    expect(translate(error.text, language)).toContain('/images/101/disk.qcow2')
    const remedy = translate(error.remedy, language)
    for (const typed of ['bascule status', `ssh ${target.host.ssh} qm list`, 'auth-machine-rehearsal'])
      expect(remedy).toContain(typed)
  }
})

test('any other end keeps QEMU’s own words', async () => {
  const { error } = await applying('qemu-img: No space left on device\n')
  expect(error.text).toMatchObject({
    key: 'proxmox-vm.delta.notApplied',
    values: { detail: 'qemu-img: No space left on device' },
  })
})
