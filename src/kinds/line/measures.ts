import { Failure } from '../../model/failure.ts'
import { sampleBandwidth } from '../kit/bandwidth.ts'
import type { TypedMeasure } from '../kit/kind-parts.ts'
import { placeOf } from '../kit/vantage.ts'
import { capState, isCapped } from './cap-state.ts'
import type { LineFacts } from './facts.ts'
import { probeMainLine } from './main-line.ts'
import { askThroughBackup } from './services.ts'
import type { LineSpec } from './spec.ts'
import { wanLineOf } from './wan-line.ts'

type Measure = TypedMeasure<LineSpec, LineFacts>

/** 0 while the main line answers, 1 when it is lost. */
const mainLineLost: Measure = {
  unit: '',
  expectedSeconds: 3,
  async measure(measuring, io) {
    const line = wanLineOf(measuring)
    const seen = await probeMainLine(line, io)
    const figures = { address: line.spec.main.probe.address, from: line.source.ssh }
    return { value: seen.there ? 0 : 1, figures }
  },
}

const unreachableThroughBackup: Measure = {
  unit: '',
  expectedSeconds: 6,
  async measure(measuring, io) {
    const asked = await askThroughBackup(wanLineOf(measuring), measuring.plan, io)
    const named = (reach: string) => asked.filter(one => one.reach === reach)
    const closed = named('closed').map(({ name, said }) => `${name}: ${said}`)
    return {
      value: closed.length,
      figures: { asked: asked.length, closed, silent: named('silent').map(({ name }) => name) },
      ...(closed.length > 0 && { detail: closed.join(', ') }),
      ...(asked.length === 0 && { unverified: true }),
    }
  },
}

/** What the backup line takes towards the target. Fills it for two seconds: not while people are on it. */
const backupMbps: Measure = {
  unit: 'Mbit/s',
  expectedSeconds: 6,
  alone: true,
  async measure(measuring, io) {
    const { spec, target } = wanLineOf(measuring)
    const place = placeOf(spec.askedFrom, measuring.plan, io)
    const { address, declaredMbps } = spec.backup
    const from = (argv: readonly string[], options: object) => place.read(argv, options)
    const outcome = await sampleBandwidth(
      { from, host: target.ssh, address, port: spec.port, seconds: 2 },
      io,
    )
    if ('mbps' in outcome) {
      const mbps = Math.round(outcome.mbps * 100) / 100
      return { value: mbps, figures: { mbps, declaredMbps, from: place.name } }
    }
    const values = { host: target.ssh, from: place.name, address, port: spec.port, detail: outcome.error }
    throw new Failure(
      { key: 'line.backup.unmeasured', values },
      { remedy: { key: 'line.backup.unmeasured.remedy', values } },
    )
  },
}

/** 1 when what the sites exchange over the backup line is not held to the cap: a restart of the gateway forgets it. */
const capMissing: Measure = {
  unit: '',
  expectedSeconds: 3,
  async measure(measuring, io) {
    const line = wanLineOf(measuring)
    const state = await capState(line, io)
    const { egress, ingress } = state.sides
    return {
      value: isCapped(line, state) ? 0 : 1,
      figures: { upMbps: egress.rateMbps ?? null, downMbps: ingress.rateMbps ?? null },
    }
  },
}

export const measures = { mainLineLost, unreachableThroughBackup, backupMbps, capMissing }
