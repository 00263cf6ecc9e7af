import type { Json, JsonObject } from './json.ts'
import type { Text } from './text.ts'

/** What a script printed: a line each, its fields as they stood between tabs. Hosts' text is data, whatever is in it. */
export type Records = readonly (readonly string[])[]

export type Endpoint = { address: string; port: number }
/** `unit`: `systemd:NAME.service` or `runit:NAME`; empty where nobody may see it, or nothing manages the process. */
export type Listener = {
  protocol: 'tcp' | 'udp'
  address: string
  port: number
  program: string
  unit: string
}
export type Connection = { local: Endpoint; peer: Endpoint; unit: string }
export type Mount = { source: string; target: string; type: string }

/** What every host is asked, whatever runs there. */
export type HostFacts = {
  name: string
  system: string
  /** Without loopback and link-local ones. */
  addresses: readonly { interface: string; address: string }[]
  routes: readonly string[]
  forwards: boolean
  listeners: readonly Listener[]
  connections: readonly Connection[]
  mounts: readonly Mount[]
}

/** One thing that a kind found at one host. */
export type Found = {
  /** What the same thing at the other site is known by: `15/main`, a path, a unit. */
  key: string
  /** Its id in the plan is made of it. */
  name: string
  /** By which others reach it, and which nothing else there is taken to listen at. */
  ports: readonly number[]
  units: readonly string[]
  /** Trees that others may mount. */
  paths: readonly string[]
  /** Only where no other kind has found its unit or port: `program` says what it is. */
  remainder?: { program: string }
  /** By what name users come, and where that leads. */
  sends?: readonly { as: string; to: Endpoint }[]
  /** Why it is no component: said on the page. */
  stays?: Text
  /** Of those that are one in an estate, the heaviest is taken. */
  weight?: number
  /** The kind's own. */
  facts: JsonObject
}

/** A host as the drafted plan names it. */
export type PlannedHost = { key: string; ssh: string; address: string }
/** Where it would go: sure of it, with what of the kind is there already, or for a person to choose. */
export type Destination =
  | { host: PlannedHost; same?: Found; others: readonly Found[] }
  | { candidates: readonly string[] }
export type Placed = {
  id: string
  found: Found
  source: PlannedHost
  target: Destination
  /** Addresses of the source, each with those that may be its own at the target. */
  moves: ReadonlyMap<string, readonly string[]>
  /** As whom users ask for it, through which host. */
  reachedAs: readonly { name: string; through: string }[]
}

/** A value of the plan: known, to be asked, or made of others. `about`: comments above it. */
export type Draft =
  | { is: Json; about?: readonly Text[] }
  | { ask: Text; candidates: readonly string[]; about?: readonly Text[] }
  | { fields: Record<string, Draft>; about?: readonly Text[] }
  | { list: readonly Draft[]; about?: readonly Text[] }

/** Its id is made of the component's and the measure's name. */
export type DraftCheck = { measure: string; threshold: JsonObject; gate: string; onFailure: string }
export type ComponentDraft = {
  criticality: 'critical' | 'high' | 'medium' | 'low'
  about: readonly Text[]
  fields: Record<string, Draft>
  checks: readonly DraftCheck[]
  /** What moves with it and nobody has named: sentences for the page. */
  remarks: readonly Text[]
}

/**
 * How a kind finds what it could move, before there is a plan. Another kind is another folder: it declares its own script, what that
 * prints and what it makes of it.
 */
export type Discovery = {
  /** Reads only. Run as root where that is possible; what it may not see it prints as `unseen`. Absent: the host's facts are enough. */
  argv?: readonly string[]
  /** Pure. */
  read(records: Records, host: HostFacts): readonly Found[]
  /** Pure. */
  draft(placed: Placed): ComponentDraft
  /** `data`: it holds what users write; `served`: what serves them; `network`: what stands before, `switch`: what changes last. */
  part: 'network' | 'data' | 'served' | 'switch'
  /** It needs all of that part, beside what its connections show. */
  needsAll?: 'data' | 'served'
  /** One of the estate, not one a host. */
  isOne?: true
}

export const known = (is: Json): Draft => ({ is })
export const asked = (ask: Text, candidates: readonly string[] = []): Draft => ({ ask, candidates })
export const fields = (of: Record<string, Draft>): Draft => ({ fields: of })
