import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import { shortDeadlineSeconds, thrice } from '../../kit/timings.ts'
import { exists, removeTree } from '../commands.ts'
import { postgres } from '../define.ts'
import { eraseByHand, keptFolder, safetyCopyOf } from '../safety-copy/place.ts'
import { sidesOf } from '../sides.ts'
import { endSessions } from './keep-snapshot.ts'

/** Never before its day: until then it says until when the copy stays, and what erases it. */
export const eraseSafetyCopy = postgres.action({
  name: 'erase-safety-copy',
  touches: ['target'],
  result: z.object({
    erased: z.boolean(),
    keptUntil: z.string().optional(),
    command: z.string().optional(),
  }),
  plan: about => {
    const { target } = sidesOf(about)
    const day = safetyCopyOf(about.spec).keepUntil
    const values = { component: about.component.id, day, host: target.host, command: eraseByHand(target) }
    return {
      title: { key: 'postgres.erase-safety-copy.title', values },
      stage: 'close',
      expectedSeconds: 1,
      deadlineSeconds: shortDeadlineSeconds,
      ...thrice,
      trigger: 'failure',
      undo: { possible: false, why: { key: 'postgres.erase-safety-copy.byHand', values } },
    }
  },

  async isDone() {
    // The day may have come since.
    return false
  },

  async apply(about, io) {
    const { target } = sidesOf(about)
    const { keepUntil } = safetyCopyOf(about.spec)
    const today = Temporal.Instant.from(io.now()).toZonedDateTimeISO(about.plan.zone).toPlainDate()
    await endSessions(target, io.at('target'))
    const isThere = await io.read(target.host, exists(keptFolder(target)), { allowFailure: true })
    if (Temporal.PlainDate.compare(today, keepUntil) < 0 && isThere.exitCode === 0) {
      const command = eraseByHand(target)
      const values = { host: target.host, folder: keptFolder(target), day: keepUntil, command }
      io.report({ note: { key: 'postgres.erase-safety-copy.stays', values } })
      return { erased: false, keptUntil: keepUntil, command }
    }
    await io.at('target').change(target.host, removeTree(keptFolder(target)))
    return { erased: true }
  },
})
