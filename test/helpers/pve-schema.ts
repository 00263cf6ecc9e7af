import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { checkObject, checkValue, type Problem, type Schema } from './pve-schema-dialect.ts'

type Method = {
  name: string
  parameters?: Schema
  returns?: Schema
  permissions?: unknown
  allowtoken?: number
}
type Node = { path: string; children?: Node[]; info?: Record<string, Method> }

/** What Proxmox VE says of its own API: judges requests before they are sent and answers before they are believed. */
export type PveSchema = {
  /** Undefined for a path that PVE does not have; `template` is PVE's own: `/nodes/{node}/qemu`. */
  find(path: string): { template: string; methods: string[]; inPath: Record<string, string> } | undefined
  method(method: string, path: string): Method | undefined
  /** `path` as sent, without `/api2/json` and without a query; `params` as decoded from the query or the body. */
  checkRequest(method: string, path: string, params: Record<string, string | string[]>): Problem[]
  /** `data` of a good answer. */
  checkResponse(method: string, path: string, data: unknown): Problem[]
}
export type { Problem } from './pve-schema-dialect.ts'

/**
 * Proxmox publishes the schema as `apidata.json` beside its API viewer. It is no part of this project: PVE_APIDATA names
 * it, or it lies in `shared/pve/` of the checkout or of a folder above. Undefined when it is at neither.
 */
export function apidataPath(from: string = import.meta.dirname): string | undefined {
  const named = process.env.PVE_APIDATA
  if (named !== undefined && named !== '') return named
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, 'shared/pve/apidata.json')
    if (existsSync(path)) return path
    if (dirname(folder) === folder) return undefined
  }
}

/** What a test that cannot run without it is named. */
export const absent = 'NOT CHECKED: PVE’s apidata.json is absent; set PVE_APIDATA to its path'

/** Undefined when the file is absent. */
export async function loadPveSchema(path = apidataPath()): Promise<PveSchema | undefined> {
  if (path === undefined) return undefined
  return pveSchema(JSON.parse(await readFile(path, 'utf8')))
}

export function pveSchema(roots: Node[]): PveSchema {
  const nodes = new Map<string, Node>()
  const collect = (node: Node): void => {
    nodes.set(node.path, node)
    node.children?.forEach(collect)
  }
  roots.forEach(collect)
  const byLength = Map.groupBy(
    [...nodes.keys()].map(template => ({ template, parts: template.split('/') })),
    ({ parts }) => parts.length,
  )
  // A word of its own goes before a place for any word: /nodes/{node}/qemu/{vmid}/agent/ping before …/agent/{command}.
  for (const some of byLength.values())
    some.sort((left, right) => placeholders(left.parts) - placeholders(right.parts))
  const known = new Map<string, ReturnType<PveSchema['find']>>()

  function find(path: string) {
    if (!known.has(path)) known.set(path, search(path))
    return known.get(path)
  }
  function search(path: string): ReturnType<PveSchema['find']> {
    const parts = path.split('/').map(decodeURIComponent)
    const best = byLength
      .get(parts.length)
      ?.find(candidate => candidate.parts.every((part, at) => part === parts[at] || part.startsWith('{')))
    if (!best) return undefined
    const inPath = best.parts.flatMap((part, index) =>
      part.startsWith('{') ? [[part.slice(1, -1), parts[index] ?? ''] as const] : [],
    )
    const methods = Object.keys(nodes.get(best.template)?.info ?? {})
    return { template: best.template, methods, inPath: Object.fromEntries(inPath) }
  }
  const methodOf = (method: string, path: string): Method | undefined =>
    nodes.get(find(path)?.template ?? '')?.info?.[method]

  return {
    find,
    method: methodOf,
    checkRequest(method, path, params) {
      const info = methodOf(method, path)
      if (!info) return [{ at: `${method} ${path}`, message: 'PVE does not know this call' }]
      const twice = Object.keys(params).filter(name => name in (find(path)?.inPath ?? {}))
      const doubled = twice.map(at => ({ at, message: 'stands in the path already' }))
      const all = { ...params, ...find(path)?.inPath }
      return [...doubled, ...checkObject(info.parameters ?? {}, all, '', 'request')]
    },
    checkResponse(method, path, data) {
      const info = methodOf(method, path)
      if (!info) return [{ at: `${method} ${path}`, message: 'PVE does not know this call' }]
      return info.returns === undefined ? [] : checkValue(info.returns, data, 'data', 'response')
    },
  }
}

const placeholders = (parts: string[]): number => parts.filter(part => part.startsWith('{')).length
