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

/** Of two files, the folders in which their paths part: `kinds/dns/actions` and `kinds/dns/providers`. Undefined beside each other. */
function parted({ from, to }: Edge): [string, string] | undefined {
  const [one, other] = [from.split('/'), to.split('/')]
  const at = one.findIndex((part, index) => part !== other[index])
  const isFolder = at < one.length - 1 && at < other.length - 1
  return isFolder ? [one.slice(0, at + 1).join('/'), other.slice(0, at + 1).join('/')] : undefined
}

it('folders beside each other import in one direction, inside the kinds too', () => {
  const imports = new Map<string, Map<string, Edge>>()
  for (const edge of edges) {
    const pair = parted(edge)
    if (pair) imports.set(pair[0], (imports.get(pair[0]) ?? new Map()).set(pair[1], edge))
  }
  expect(imports.size).toBeGreaterThan(20)
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
