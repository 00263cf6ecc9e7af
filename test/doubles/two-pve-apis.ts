import type { HttpRequest, HttpResponse } from '../../src/model/io.ts'
import type { SideName } from './two-hypervisors.ts'

type Config = Record<string, string>

/** As little of two PVE clusters as moving a machine without a guest asks: settings, status, create, destroy. */
export function twoApis(running: (side: SideName) => boolean) {
  const machines: Record<SideName, Map<number, Config>> = { source: new Map(), target: new Map() }
  const calls: string[] = []

  function answer(side: SideName, method: string, path: string, params: URLSearchParams): unknown {
    const own = machines[side]
    const found = /^\/nodes\/\w+\/qemu\/(\d+)\/?(.*)$/.exec(path)
    if (path === '/cluster/resources') return [...own.keys()].map(vmid => ({ type: 'qemu', vmid }))
    if (path === '/cluster/nextid') return Math.max(99, ...own.keys()) + 1
    if (/\/tasks$/.test(path)) return []
    if (/\/tasks\/.*\/status$/.test(path)) return { status: 'stopped', exitstatus: 'OK', type: 'qm', id: '1' }
    if (/\/tasks\/.*\/log$/.test(path)) return []
    if (method === 'POST' && /^\/nodes\/\w+\/qemu$/.test(path)) {
      const { vmid, ...config } = Object.fromEntries(params)
      own.set(Number(vmid), config)
      return 'UPID:node:1:1:1:qmcreate:101:u:'
    }
    const vmid = Number(found?.[1])
    const config = own.get(vmid)
    if (config === undefined) throw new Error(`Configuration file for ${vmid} does not exist`)
    if (found?.[2] === 'config' && method === 'GET') return { ...config, digest: '0' }
    if (found?.[2] === 'config' && method === 'PUT')
      return void Object.assign(config, Object.fromEntries(params))
    if (found?.[2] === 'status/current')
      return { vmid, status: vmid === 101 && running(side) ? 'running' : 'stopped' }
    if (method === 'DELETE') {
      own.delete(vmid)
      return 'UPID:node:1:1:1:qmdestroy:101:u:'
    }
    throw new Error(`no answer to ${method} ${path}`)
  }

  return {
    machines,
    calls,
    async http(request: HttpRequest): Promise<HttpResponse & { reason: string }> {
      const url = new URL(request.url)
      const params = new URLSearchParams(request.body ?? url.search)
      const path = decodeURIComponent(url.pathname.replace('/api2/json', ''))
      calls.push(`${url.hostname} ${request.method} ${path}`)
      const headers = {}
      try {
        const data = answer(url.hostname as SideName, request.method, path, params) ?? null
        return { status: 200, reason: 'OK', headers, body: encoded({ data }), milliseconds: 1 }
      } catch (error) {
        const { message } = error as Error
        return {
          status: 500,
          reason: message,
          headers,
          body: encoded({ data: null, message }),
          milliseconds: 1,
        }
      }
    },
  }
}

const encoded = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))
