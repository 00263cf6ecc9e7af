import type { Argv, ReadIo } from '../../../model/io.ts'
import type { Component, Plan, SiteSide } from '../../../model/plan.ts'
import { testerOf } from '../gateways.ts'
import { specOf } from '../spec.ts'
import { askThrough, askWithout, tunnelEndpoint } from './commands.ts'

/** What one GET gave; without a status nothing answered, and `silence` says why. */
export type Answer = { status?: number; site?: string; silence?: string }

/** A tunnel whose gateway was started anew is silent until its client gives up its old session: 15 s. */
const throughTries = 4
const throughSeconds = 5
const withoutSeconds = 3

/** As a trainer would, through the test client's tunnel to this site. */
export async function throughTunnel(
  component: Component,
  plan: Plan,
  side: SiteSide,
  io: ReadIo,
): Promise<Answer> {
  const { url, host } = questionOf(component, side)
  for (let attempt = 1; ; attempt += 1) {
    const answer = await ask(component, plan, askThrough(side, { url, host, seconds: throughSeconds }), io)
    if (answer.status !== undefined || attempt === throughTries) return answer
  }
}

/** The same question from the same host, past the tunnel. */
export const pastTunnel = (component: Component, plan: Plan, side: SiteSide, io: ReadIo): Promise<Answer> => {
  const { url, host } = questionOf(component, side)
  return ask(component, plan, askWithout({ url, host, seconds: withoutSeconds }), io)
}

/** And asked of the gateway's public address, as a stranger who knows the name would. */
export const fromPublic = (component: Component, plan: Plan, side: SiteSide, io: ReadIo): Promise<Answer> => {
  const { url, host } = questionOf(component, side)
  const there = new URL(url)
  const { endpoint } = specOf(component)[side]
  there.hostname = endpoint.includes(':') ? `[${endpoint}]` : endpoint
  return ask(
    component,
    plan,
    askWithout({ url: there.href, host: host ?? new URL(url).host, seconds: withoutSeconds }),
    io,
  )
}

/** Whether the test client's tunnel to this site stands, and to which address and port it leads. */
export async function tunnelLeadsTo(
  component: Component,
  plan: Plan,
  side: SiteSide,
  io: ReadIo,
): Promise<string | undefined> {
  const { exitCode, stdout } = await io.read(testerOf(component, plan).ssh, tunnelEndpoint(side), {
    allowFailure: true,
  })
  return exitCode === 0 ? stdout.split('\t')[1]?.trim() : undefined
}

function questionOf(component: Component, side: SiteSide): { url: string; host: string | undefined } {
  const { test } = specOf(component)
  return { url: test[side].url, host: test.name }
}

async function ask(component: Component, plan: Plan, argv: Argv, io: ReadIo): Promise<Answer> {
  const { stdout, stderr } = await io.read(testerOf(component, plan).ssh, argv, { allowFailure: true })
  return readAnswer(stdout, stderr, specOf(component).test.siteHeader)
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
