import { bracketed } from '../../../model/address.ts'
import type { Argv, ReadIo } from '../../../model/io.ts'
import type { SiteSide } from '../../../model/plan.ts'
import { every, until } from '../../kit/until.ts'
import { testerOf, type Vpn } from '../gateways.ts'
import { askThrough, askWithout, tunnelEndpoint } from './commands.ts'

/** What one GET gave; without a status nothing answered, and `silence` says why. */
export type Answer = { status?: number; site?: string; silence?: string }

/** A tunnel whose gateway was started anew is silent until its client gives up its old session: 15 s. */
const throughTries = 4
const throughSeconds = 5
const withoutSeconds = 3

/** As a trainer would, through the test client's tunnel to this site. */
export function throughTunnel(vpn: Vpn, side: SiteSide, io: ReadIo): Promise<Answer> {
  const { url, host } = questionOf(vpn, side)
  const look = async () => {
    const answer = await ask(vpn, askThrough(side, { url, host, seconds: throughSeconds }), io)
    return answer.status === undefined ? { waiting: answer } : { done: answer }
  }
  // No pause: the question itself takes its time.
  return until(io, look, { looks: throughTries, ...every(0), otherwise: answer => ({ done: answer }) })
}

/** The same question from the same host, past the tunnel. */
export const pastTunnel = (vpn: Vpn, side: SiteSide, io: ReadIo): Promise<Answer> => {
  const { url, host } = questionOf(vpn, side)
  return ask(vpn, askWithout({ url, host, seconds: withoutSeconds }), io)
}

/** And asked of the gateway's public address, as a stranger who knows the name would. */
export const fromPublic = (vpn: Vpn, side: SiteSide, io: ReadIo): Promise<Answer> => {
  const { url, host } = questionOf(vpn, side)
  const there = new URL(url)
  const { endpoint } = vpn.spec[side]
  there.hostname = bracketed(endpoint)
  return ask(
    vpn,
    askWithout({ url: there.href, host: host ?? new URL(url).host, seconds: withoutSeconds }),
    io,
  )
}

/** Whether the test client's tunnel to this site stands, and to which address and port it leads. */
export async function tunnelLeadsTo(vpn: Vpn, side: SiteSide, io: ReadIo): Promise<string | undefined> {
  const { exitCode, stdout } = await io.read(testerOf(vpn).ssh, tunnelEndpoint(side), {
    allowFailure: true,
  })
  return exitCode === 0 ? stdout.split('\t')[1]?.trim() : undefined
}

function questionOf(vpn: Vpn, side: SiteSide): { url: string; host: string | undefined } {
  const { test } = vpn.spec
  return { url: test[side].url, host: test.name }
}

async function ask(vpn: Vpn, argv: Argv, io: ReadIo): Promise<Answer> {
  const { stdout, stderr } = await io.read(testerOf(vpn).ssh, argv, { allowFailure: true })
  return readAnswer(stdout, stderr, vpn.spec.test.siteHeader)
}

/** Of curl's heads, the last: a 100 Continue may precede. */
export function readAnswer(heads: string, complaint: string, siteHeader: string): Answer {
  const last = heads.split(/^(?=HTTP\/)/m).at(-1) ?? ''
  const status = /^HTTP\/\S+ (\d{3})/.exec(last)?.[1]
  if (status === undefined) return { silence: complaint.trim().replace(/^curl: /, '') || 'no answer' }
  const header = last
    .split(/\r?\n/)
    .find(line => line.toLowerCase().startsWith(`${siteHeader.toLowerCase()}:`))
  const site = header?.slice(siteHeader.length + 1).trim()
  return { status: Number(status), ...(site !== undefined && { site }) }
}
