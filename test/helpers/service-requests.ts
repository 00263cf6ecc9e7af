import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { expect } from 'vitest'
import { Failure } from '../../src/model/failure.ts'
import type { Component } from '../../src/model/plan.ts'
import type { ServiceSites } from './service-sites.ts'

/** HTTP status of a service's health at a site's gateway, as users ask it; 0 when nothing answers. */
export async function statusAtEdge(sites: ServiceSites, site: string, name: string): Promise<number> {
  const url = `http://${name}.techcorp.test/health`
  const connectTo = { address: sites.lab.hosts[`${site}-gateway`]?.address ?? '', port: 80 }
  return sites
    .io()
    .http({ method: 'GET', url, connectTo })
    .then(
      ({ status }) => status,
      () => 0,
    )
}

export const urlOf = ({ spec }: Component): string => (spec.source as { url: string }).url

export async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(thrown).toBeInstanceOf(Failure)
  return thrown as Failure
}

const answered = (asked: ClientRequest): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => asked.on('response', resolve).on('error', reject))

/** A JSON request of which the service has only the beginning until `finish`. */
export function slowPost(url: string, body: string): { finish(): void; status: Promise<number | undefined> } {
  const headers = { 'content-type': 'application/json', 'content-length': body.length }
  const asked = request(url, { method: 'POST', headers })
  asked.write(body.slice(0, 5))
  return { finish: () => asked.end(body.slice(5)), status: answered(asked).then(answer => answer.statusCode) }
}

/** Gives the bytes received. Reads slowly: the server has most of them still to send for a second or so. */
export async function slowDownload(url: string): Promise<number> {
  const asked = request(url)
  asked.end()
  let bytes = 0
  for await (const chunk of await answered(asked)) {
    bytes += chunk.length
    await new Promise(resolve => setTimeout(resolve, 2))
  }
  return bytes
}
