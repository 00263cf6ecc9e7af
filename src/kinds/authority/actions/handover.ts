import { z } from 'zod'
import type { ChangeIo, ReadIo } from '../../../model/io.ts'
import type { SiteSide } from '../../../model/plan.ts'
import type { Acting } from '../../kit/kind-parts.ts'
import { shortDeadlineSeconds, shortStep } from '../../kit/timings.ts'
import { authority, type Known } from '../facts.ts'
import { allOf, fileOf, type Hosts, hostsOf } from '../places.ts'
import { readRecord, type Writing, writeAuthority } from '../record.ts'
import type { AuthoritySpec } from '../spec.ts'

type Context = Acting<AuthoritySpec, Known>

/** Authority passes to the target: written on every host of both sites. Its undo writes the source's name again. */
export const handover = authority.action({
  name: 'handover',
  touches: ['source', 'target'],
  result: z.object({ site: z.string(), fencingNumber: z.number() }),
  plan(about) {
    const { source, target } = about.plan.sites
    const hosts = allOf(hostsOf(about))
    return {
      params: { hosts },
      title: { key: 'authority.handover.title', values: { source: source.title, target: target.title } },
      stage: 'handover',
      expectedSeconds: 2,
      ...shortStep,
      trigger: 'failure',
      undo: {
        possible: true,
        expectedSeconds: 2,
        deadlineSeconds: shortDeadlineSeconds,
        byHand: {
          key: 'authority.handover.byHand',
          values: { file: fileOf(about.plan.name), site: source.id, hosts: hosts.join(', ') },
        },
      },
    }
  },
  async isDone(context, io) {
    return (await isWritten('target', context, io)) && result(context)
  },
  async apply(context, io) {
    await pass('target', context, io.at('source', 'target'))
    return result(context)
  },
  undo: (context, io) => pass('source', context, io.at('source', 'target')),
  undoWithout: {
    async target(context, io) {
      const { source } = hostsOf(context)
      const values = recordOf('source', context, io)
      await Promise.all(source.map(host => writeAuthority(host, values, io.at('source'))))
    },
  },
})

const result = ({ plan, fencingNumber }: Context) => ({ site: plan.sites.target.id, fencingNumber })

async function isWritten(side: SiteSide, context: Context, io: ReadIo): Promise<boolean> {
  const { plan, fencingNumber } = context
  const records = await Promise.all(allOf(livingHosts(context)).map(host => readRecord(host, plan.name, io)))
  return records.every(
    record => record?.site === plan.sites[side].id && record.fencingNumber === fencingNumber,
  )
}

/** Without those of a site that the run does without. */
function livingHosts(context: Context): Hosts {
  const hosts = hostsOf(context)
  return context.without === undefined ? hosts : { ...hosts, [context.without]: [] }
}

const recordOf = (to: SiteSide, { plan, fencingNumber }: Context, io: ReadIo): Writing => ({
  planName: plan.name,
  fencingNumber,
  site: plan.sites[to].id,
  holder: '',
  lineage: '',
  at: io.now(),
  keepSite: false,
})

/** The losing site first: at no instant do both sites read that they have authority. */
async function pass(to: SiteSide, context: Context, io: ChangeIo): Promise<void> {
  const hosts = livingHosts(context)
  const losing = hosts[to === 'target' ? 'source' : 'target']
  const winning = hosts[to].filter(host => !losing.includes(host))
  const values = recordOf(to, context, io)
  await Promise.all(losing.map(host => writeAuthority(host, values, io)))
  await Promise.all(winning.map(host => writeAuthority(host, values, io)))
}
