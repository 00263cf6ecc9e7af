import type { PveAt } from '../../src/kinds/proxmox-vm/client/ask.ts'
import type { Json } from '../../src/model/json.ts'
import { type HttpCall, onHttp } from '../doubles/recording-answers.ts'

export const at: PveAt = {
  siteTitle: 'Toulouse',
  host: { ssh: 'toulouse-hypervisor', address: '10.80.2.60', become: 'runuser' },
  node: 'toulouse',
  vmid: 101,
  api: {
    url: 'https://10.80.2.60:8006',
    token: 'bascule@pve!move',
    secret: 'file:/secrets/pve-toulouse',
    fingerprint: Array(32).fill('AB').join(':'),
  },
}
export const secrets = { 'file:/secrets/pve-toulouse': 'b0a7c2de-5d8f-4f0e-9a51-2f6f3c1d7e90' }
export const upid = 'UPID:toulouse:0000A1B2:00C3D4E5:6928A0F0:qmstart:101:bascule@pve!move:'

/** As PVE answers: `{"data": …}`. */
export const data = (value: Json) => ({ body: { data: value } })

/** What a request asks: its path without the API's own prefix, its parameters from the query or the body. */
export function askedOf({ request }: HttpCall) {
  const url = new URL(request.url)
  const encoded = request.body === undefined ? url.searchParams : new URLSearchParams(request.body)
  const params: Record<string, string | string[]> = {}
  for (const name of new Set(encoded.keys())) {
    const values = encoded.getAll(name)
    params[name] = values.length === 1 ? (values[0] ?? '') : values
  }
  return { method: request.method, path: url.pathname.replace(/^\/api2\/json/, ''), params }
}

/** Answers to a task that is over at once. */
export const taskAnswers = (exitstatus = 'OK', lines: string[] = ['TASK OK']) => [
  onHttp(/\/tasks\/[^/]+\/status$/, data({ status: 'stopped', exitstatus, type: 'qmstart', id: '101' })),
  onHttp(/\/tasks\/[^/]+\/log/, call => {
    const start = Number(askedOf(call).params.start)
    return data(lines.map((t, index) => ({ n: index + 1, t })).slice(start))
  }),
]
