import {
  backupAddress,
  internetNamespace,
  lanOf,
  officeOf,
  operationsInterface,
  publicAddress,
} from '../topology.ts'
import { type Batch, farRoute } from './commands.ts'
import { waysIn } from './lines.ts'

/** A host as far as its routes matter. */
export type Router = { role: string; namespace: string }
/** `outside`: the Internet's hosts. */
export type Routers = { montpellier: string; outside: Router[] }

/** Toulouse's main line without carrier, and what is for Toulouse sent over its backup line, as its operator does. */
export function detour(index: number, { montpellier, outside }: Routers): Batch[] {
  const publicWay = `route replace ${publicAddress(index, 'toulouse')}/32 via ${backupAddress(index)}`
  return [
    { namespace: internetNamespace(index), lines: ['link set east down'] },
    // Its spare way to Toulouse's servers comes into its own by itself.
    { namespace: montpellier, lines: ['link set intersite down', publicWay] },
    { lines: [publicWay, ...operationsWaysTo(index, backupAddress(index))] },
    ...outside.map(({ namespace, role }) => ({
      namespace,
      lines: [
        publicWay,
        ...waysIn(index, { role }, backupAddress(index)).map(route => `route replace ${route}`),
      ],
    })),
  ]
}

/** The inverse of detour; changes nothing when the main line is there. */
export function wayBack(index: number, { montpellier, outside }: Routers): Batch[] {
  const noDetour = `route flush exact ${publicAddress(index, 'toulouse')}/32`
  return [
    { namespace: internetNamespace(index), lines: ['link set east up'] },
    // Set down, it forgot the way. Toulouse did not: there only the carrier was gone.
    {
      namespace: montpellier,
      lines: ['link set intersite up', noDetour, `route replace ${farRoute(index, 'montpellier')}`],
    },
    { lines: [noDetour, ...operationsWaysTo(index, publicAddress(index, 'toulouse'))] },
    ...outside.map(({ namespace, role }) => ({
      namespace,
      lines: [noDetour, ...waysIn(index, { role }).map(route => `route replace ${route}`)],
    })),
  ]
}

const operationsWaysTo = (index: number, gateway: string): string[] =>
  [lanOf(index, 'toulouse'), officeOf(index, 'toulouse')].map(
    network => `route replace ${network} via ${gateway} dev ${operationsInterface(index)}`,
  )
