import type { FigureForms } from '../../model/figure.ts'
import type { ReadIo } from '../../model/io.ts'
import type { JsonObject } from '../../model/json.ts'
import type { Measurement } from '../../model/kind.ts'
import type { KeysOf, Sentences, Text } from '../../model/text.ts'
import type { Measuring, TypedMeasure } from '../kit/kind-parts.ts'
import { dryRun, forward } from './actions/forward.ts'
import { type Counts, cameWithin, countsIn, namedClients } from './clients.ts'
import { audit, type ForwarderFacts, forwarder } from './facts.ts'
import { findings } from './findings.ts'
import { forwarderOf } from './gateway.ts'
import { kernelOf } from './kernel.ts'
import en from './messages/en.json' with { type: 'json' }
import fr from './messages/fr.json' with { type: 'json' }
import { askingAddresses, deadAddresses } from './reach.ts'
import type { ForwarderSpec } from './spec.ts'

type Measure = TypedMeasure<ForwarderSpec, ForwarderFacts>

const notForwarded: Measurement = { value: 0, figures: {}, unverified: true }

type Forwarding = { counts: Counts; lateSeconds: number; figures: JsonObject }

async function countsOf(measuring: Measuring<ForwarderSpec, ForwarderFacts>, io: ReadIo) {
  const at = forwarderOf(measuring)
  const own = await askingAddresses(at, measuring.plan, io)
  const counts = countsIn(await kernelOf(at.host, io), at.component, at.spec, own)
  if (counts === undefined) return undefined
  const figures = {
    sinceSeconds: counts.sinceSeconds,
    services: counts.services,
    clientsEver: counts.clients.length,
    clients: counts.clients.slice(0, namedClients),
  }
  return { counts, lateSeconds: at.spec.lateMinutes * 60, figures } satisfies Forwarding
}

/** Who still uses an old address: each client once, whatever it asks for. */
const lateClients: Measure = {
  title: 'forwarder.measure.lateClients',
  unit: '',
  expectedSeconds: 3,
  rehearsable: false,
  async measure(measuring, io) {
    const found = await countsOf(measuring, io)
    if (found === undefined) return notForwarded
    const { counts, lateSeconds, figures } = found
    const late = cameWithin(counts.clients, lateSeconds)
    const names = [...new Set(late.map(({ client }) => client))]
    const detail = [named(late.map(({ client, service }) => `${client} ${service}`).slice(0, namedClients))]
    return { value: names.length, figures, ...(late.length > 0 && { detail }) }
  },
}

/** When nobody has come: since forwarding began, as far as anybody can know. */
const secondsSinceLastClient: Measure = {
  title: 'forwarder.measure.secondsSinceLastClient',
  unit: 's',
  expectedSeconds: 3,
  rehearsable: false,
  async measure(measuring, io) {
    const found = await countsOf(measuring, io)
    if (found === undefined) return notForwarded
    const [last] = found.counts.clients
    return {
      value: last?.secondsAgo ?? found.counts.sinceSeconds,
      figures: found.figures,
      ...(last && { detail: [named([`${last.client} ${last.service}`])] }),
    }
  },
}

const deadOldAddresses: Measure = {
  title: 'forwarder.measure.deadAddresses',
  unit: '',
  expectedSeconds: 5,
  rehearsable: false,
  async measure(measuring, io) {
    const dead = await deadAddresses(forwarderOf(measuring), measuring.plan, io)
    if (dead === undefined) return notForwarded
    return { value: dead.length, figures: { dead }, ...(dead.length > 0 && { detail: [named(dead)] }) }
  },
}

/** Addresses and names of services. */
const named = (clients: readonly string[]): Text => ({
  key: 'forwarder.measured.named',
  values: { clients: clients.join(', ') },
})

const measures = { lateClients, secondsSinceLastClient, deadAddresses: deadOldAddresses }

/** How they, and the figures of the steps' results, are shown. */
const figures: FigureForms = {
  sinceSeconds: { label: 'forwarder.figure.sinceSeconds', unit: 's' },
  clientsEver: { label: 'forwarder.figure.clientsEver' },
  rules: { label: 'forwarder.figure.rules' },
  forgotten: { label: 'forwarder.figure.forgotten' },
  asked: { label: 'forwarder.figure.asked' },
}

const messages: Sentences<typeof en> = { en, fr }

declare module '../../model/text.ts' {
  interface MessageKeys extends KeysOf<typeof en> {}
}

/** The old public addresses after the switch: clients that still use them are forwarded to the new ones, and counted. */
export const kind = forwarder.defineKind({
  messages,
  // where its own questions come from: `ip route get`
  programsHere: () => [{ program: 'ip', package: 'iproute2' }],
  lackingRules: ['missing'],
  provides: {
    forwards: ({ spec }) => spec.forward.map(({ protocol, port, from }) => ({ protocol, port, from })),
  },
  audit,
  findings,
  // Forwarding goes on after the monitoring period: a decommissioning ends it, when no client comes any more.
  plan: () => ({ preparation: [], rehearsal: [dryRun], live: [forward], close: [] }),
  actions: [dryRun, forward],
  figures,
  returnPath: 'none',
  losesWithout: 'nothing',
  measures,
})
