import { type RunningTrainers, startTrainers } from '../trainers/start.ts'
import type { Lab } from '../types.ts'
import type { Summary } from '../users/ledger.ts'
import { type RunningUsers, type StartUsers, startUsers } from '../users/start.ts'

/** Everybody who comes from outside, as the lab has the ways for it. */
export type LabUsers = {
  /** Of those who ask an honest resolver. */
  ledger: string
  /** Of those whose resolver keeps what it knew for a day. */
  stubbornLedger?: string
  trainers?: RunningTrainers
  /** Lets what is under way finish. What both crowds of users came to, added up. */
  stop(): Promise<Summary>
}

type Options = Pick<StartUsers, 'size'> & {
  /** Requests of all users, a second. */
  rate: number
  ledgerName?: string
}

/** Of the requests: one user in five or so sits behind a resolver that keeps names too long. */
const stubbornShare = 0.2
/** As many people for each request a second as the users take by themselves. */
const peoplePerRate = 6

/** Users, honest and stubborn, and trainers where there is a VPN. They leave when this program ends, however it ends. */
export async function letThemCome(
  lab: Lab,
  { size, rate, ledgerName = 'users.jsonl' }: Options,
): Promise<LabUsers> {
  const hasStubborn = lab.hosts['internet-stubborn'] !== undefined
  const stubbornRate = hasStubborn ? rate * stubbornShare : 0
  const people = Math.ceil((rate - stubbornRate) * peoplePerRate)
  const honest = startUsers(lab, { size, rate: rate - stubbornRate, people, ledgerName })
  const stubborn = hasStubborn
    ? startUsers(lab, {
        size,
        rate: stubbornRate,
        people: Math.ceil(stubbornRate * peoplePerRate),
        firstPerson: people + 1,
        resolver: 'internet-stubborn',
        ledgerName: `stubborn-${ledgerName}`,
      })
    : undefined
  const hasVpn = lab.hosts['internet-trainer-name'] !== undefined
  const trainers = hasVpn ? await startTrainers(lab, { ledgerName: `trainer-${ledgerName}` }) : undefined
  return {
    ledger: honest.ledger,
    ...(stubborn && { stubbornLedger: stubborn.ledger }),
    ...(trainers && { trainers }),
    stop: async () => {
      const crowds = [honest, stubborn].filter((one): one is RunningUsers => one !== undefined)
      const [summaries] = await Promise.all([Promise.all(crowds.map(one => one.stop())), trainers?.stop()])
      return summaries.reduce(added)
    },
  }
}

export const ledgersOf = ({ ledger, stubbornLedger }: LabUsers): string[] =>
  stubbornLedger === undefined ? [ledger] : [ledger, stubbornLedger]

function added(one: Summary, other: Summary): Summary {
  const requests = { ...one.requests }
  for (const [service, outcomes] of Object.entries(other.requests) as [keyof typeof requests, object][])
    requests[service] = addedCounts(requests[service] ?? {}, outcomes as Record<string, number>)
  const { seconds: _, requests: __, ...counts } = other
  return { ...addedCounts(one, counts), seconds: Math.max(one.seconds, other.seconds), requests } as Summary
}

function addedCounts<Counts extends object>(counts: Counts, more: Record<string, number>): Counts {
  const sums = Object.entries(more).map(([name, count]) => [
    name,
    ((counts as Record<string, number>)[name] ?? 0) + count,
  ])
  return { ...counts, ...Object.fromEntries(sums) }
}
