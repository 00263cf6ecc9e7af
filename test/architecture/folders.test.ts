import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, it } from 'vitest'

const source = join(import.meta.dirname, '../../src')
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(path => path.endsWith('.ts'))

type Edge = { from: string; to: string }
const edges: Edge[] = files.flatMap(from =>
  [...readFileSync(join(source, from), 'utf8').matchAll(/(?:from|import\() ?'(\.[^']+)'/g)].map(
    ([, to = '']) => ({ from, to: relative(source, resolve(source, dirname(from), to)) }),
  ),
)

/** Of two files, what stands beside each other where their paths part: `kinds/dns/actions` and `kinds/dns/facts.ts`. */
function parted({ from, to }: Edge): [string, string] {
  const [one, other] = [from.split('/'), to.split('/')]
  const at = one.findIndex((part, index) => part !== other[index])
  return [one.slice(0, at + 1).join('/'), other.slice(0, at + 1).join('/')]
}

it('a folder, and the folders and files beside it, import in one direction, inside the kinds too', () => {
  const imports = new Map<string, Map<string, Edge>>()
  for (const edge of edges) {
    const [from, to] = parted(edge)
    imports.set(from, (imports.get(from) ?? new Map()).set(to, edge))
  }
  expect(imports.size).toBeGreaterThan(300)
  const leadsTo = (from: string, to: string, seen = new Set<string>()): boolean => {
    if (from === to) return true
    if (seen.has(from)) return false
    seen.add(from)
    return [...(imports.get(from)?.keys() ?? [])].some(next => leadsTo(next, to, seen))
  }
  const circles = [...imports].flatMap(([from, found]) =>
    [...found].filter(([to]) => leadsTo(to, from)).map(([, edge]) => `${edge.from} → ${edge.to}`),
  )
  expect(circles).toEqual([])
})
