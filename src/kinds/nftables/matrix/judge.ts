import { wayOf } from './expected.ts'
import { type Cell, isOpen, isWrong, type Matrix } from './measure.ts'

/** `office (toulouse-office) → toulouse-files:5432`; an echo has `icmp` for its port. */
export function shown(cell: Cell): string {
  const { vantage, target, asked } = cell
  const port = asked.protocol === 'icmp' ? 'icmp' : String(asked.port)
  const place = target.isGateway ? `${target.name} ${target.address}` : target.name
  return `${zoneShown(cell)} (${vantage.name}) → ${place}:${port}`
}

const zoneShown = ({ vantage, target }: Cell): string => {
  const way = wayOf(vantage, target)
  return way === undefined ? '?' : 'direct' in way ? way.direct : way.zone
}

export type Judged = {
  wronglyOpen: Cell[]
  wronglyClosed: Cell[]
  /** Declared open, and its host is not there (yet): nobody can tell. */
  absent: Cell[]
  /** Ways that one site has open and the other closed. */
  sitesDifferent: string[]
  unknown: Cell[]
  tried: number
}

/** `isAbsent`: whether a target's host does not answer its own gateway either. */
export function judge({ cells }: Matrix, isAbsent: (address: string) => boolean): Judged {
  const wrong = cells.filter(isWrong)
  const gone = ({ target }: Cell) => isAbsent(target.address)
  const closed = wrong.filter(cell => !isOpen(cell))
  return {
    wronglyOpen: wrong.filter(isOpen),
    wronglyClosed: closed.filter(cell => !gone(cell)),
    absent: closed.filter(gone),
    sitesDifferent: differences(cells.filter(cell => cell.seen !== 'unknown' && !gone(cell))),
    unknown: cells.filter(({ seen }) => seen === 'unknown'),
    tried: cells.length,
  }
}

/**
 * The same way at both sites: from the same zone, near or far, to the host or address of the same name, at the same port. Where
 * a name stands for several addresses, one that agrees is enough: the others are compared with the declaration. In signs, since it
 * is shown in both languages: `↔ office → files:22 (✔ / ✖)`, from the office of the other site, open at the source only.
 */
function differences(cells: Cell[]): string[] {
  const byWay = Map.groupBy(cells, ({ vantage, target, asked }) => {
    const way = wayOf(vantage, target)
    const from = way === undefined ? '?' : 'direct' in way ? way.direct : `↔ ${way.zone}`
    return `${from} → ${target.role}:${asked.protocol === 'icmp' ? 'icmp' : asked.port}`
  })
  return [...byWay].flatMap(([way, same]) => {
    const states = (side: 'source' | 'target') =>
      [...new Set(same.filter(({ target }) => target.side === side).map(isOpen))].sort()
    const [here, there] = [states('source'), states('target')]
    if (here.length === 0 || there.length === 0 || here.some(state => there.includes(state))) return []
    return [`${way} (${inWords(here)} / ${inWords(there)})`]
  })
}

const inWords = (states: boolean[]): string => states.map(open => (open ? '✔' : '✖')).join('+')
