import type { Pace } from './pace.ts'
import { secondsBetween } from './seconds.ts'
import type { Voice } from './voice.ts'

/** Nothing as long as nothing has been reported; e.g. `4.3/4.8 GB · 89 % · 160 Mbit/s · until 22:48:10 · updated 2 s ago`. */
export function paceText(pace: Pace, now: string, voice: Voice): string {
  if (pace.samples.length === 0) return ''
  const age = Math.max(0, secondsBetween(pace.updatedAt, now))
  const parts = [amount(pace, voice)]
  if (pace.percent !== undefined)
    parts.push(voice.say({ key: 'views.pace.percent', values: { percent: pace.percent } }))
  if (pace.perSecond !== undefined && pace.unit !== 'none') parts.push(rate(pace, pace.perSecond, voice))
  if (pace.remainingSeconds !== undefined) {
    // An age grows while nothing comes: the end is counted from the last figures, never from a guess in between.
    const at = new Date(Date.parse(pace.updatedAt) + pace.remainingSeconds * 1000).toISOString()
    parts.push(voice.say({ key: 'views.pace.end', values: { at: voice.clock(at) } }))
  }
  if (pace.note) parts.push(pace.note)
  parts.push(voice.say({ key: 'views.pace.age', values: { age: voice.duration(Math.floor(age)) } }))
  return parts.filter(Boolean).join(' · ')
}

function amount(pace: Pace, voice: Voice): string {
  if (pace.unit === 'none') return ''
  const say = (value: number) =>
    pace.unit === 'bytes' ? voice.bytes(value) : voice.number(Math.round(value))
  return pace.total === undefined ? say(pace.done) : `${say(pace.done)} / ${say(pace.total)}`
}

function rate(pace: Pace, perSecond: number, voice: Voice): string {
  if (pace.unit === 'bytes') {
    const rounded = Math.round((perSecond * 8) / 100_000) / 10
    return voice.say({ key: 'views.pace.bitRate', values: { rate: voice.number(rounded) } })
  }
  return voice.say({ key: 'views.pace.itemRate', values: { rate: voice.number(Math.round(perSecond)) } })
}
