import { z } from 'zod'
import { typed } from '../../kit/by-hand.ts'
import { hold, release } from '../cap.ts'
import { removeDevice, removeHook } from '../cap-commands.ts'
import { capState, isCapped } from '../cap-state.ts'
import { line } from '../facts.ts'
import { wanLineOf } from '../wan-line.ts'

/** Bandwidth limit for what the sites exchange over the backup line: should the main one be lost, users have the rest. */
export const cap = line.action({
  name: 'cap',
  touches: ['target'],
  result: z.object({ capMbps: z.number() }),
  plan(about) {
    const { spec, target } = wanLineOf(about)
    const values = { host: target.ssh, interface: spec.backup.interface, mbps: spec.backup.capMbps }
    const commands = typed(removeHook(spec.backup.interface), removeDevice('egress'), removeDevice('ingress'))
    return {
      title: { key: 'line.cap.title', values },
      stage: 'provision',
      expectedSeconds: 3,
      deadlineSeconds: 60,
      attempts: 3,
      backoffSeconds: 2,
      trigger: 'failure',
      undo: {
        possible: true,
        expectedSeconds: 3,
        deadlineSeconds: 60,
        byHand: { key: 'line.cap.byHand', values: { ...values, commands } },
      },
    }
  },
  async isDone(acting, io) {
    const wanLine = wanLineOf(acting)
    return isCapped(wanLine, await capState(wanLine, io)) ? { capMbps: acting.spec.backup.capMbps } : false
  },
  async apply(acting, io) {
    await hold(wanLineOf(acting), io.at('target'))
    return { capMbps: acting.spec.backup.capMbps }
  },
  undo: (acting, io) => release(wanLineOf(acting), io.at('target')),
})
