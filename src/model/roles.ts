import type { JournalHead } from './event.ts'
import type { FactsByComponent } from './fact.ts'
import type { ChangeIo, ReadIo } from './io.ts'
import type { Component, Plan, SiteSide } from './plan.ts'

/**
 * What a component may be to the others. A kind declares in `provides` which of these it is, and a kind that needs one asks for the
 * role: nobody asks for a kind's name, or looks into another component's spec.
 */
export type Roles = {
  /** The rate of the link between the sites, in Mbit/s: measured by an audit, or as the plan declares it. */
  linkRate: { mbps: number; from: 'measured' | 'declared' }
  /** What still comes to these addresses of the source is passed on to the target. */
  forwards: { protocol: 'tcp' | 'udp'; port: number; from: string }[]
  /** Each side must reach the other's port. `host`: key of a host of that site. */
  connects: { source: { host: string; port: number }; target: { host: string; port: number } }
  /** A tree of files that is the component's own. `host`: key of a host of that site. */
  tree: { source: { host: string; path: string }; target: { host: string; path: string } }
  /** It boots at the target: seconds, as its kind expects where nobody measured it. */
  boots: { seconds: number }
  /** Answers HTTP requests at each site, behind one public URL: another component's probes may ask it. No URL ends with a slash. */
  probed: { source: string; target: string; publicUrl: string }
  /** Writes at both sites which program may act, and reads it back. */
  authority: AuthorityRole
  /** Keeps a copy of the journal at a host of each site. */
  journalCopies: JournalCopiesRole
  /** Keeps signed seals of the journal at every host that is told who may act. */
  journalSeals: JournalSealsRole
}
export type RoleName = keyof Roles

/** Who claims: its number, who it is where two have the same number, and the state directory the number was counted in. */
export type Claimant = { planName: string; fencingNumber: number; holder: string; lineage: string }
export type AuthorityRole = {
  /** Throws Failure (exit code 75) when a newer program acts. Gives the hosts that could not be reached, with why. */
  claim(claimant: Claimant, io: ChangeIo): Promise<{ unreachable: { host: string; failure: Error }[] }>
  /** Throws Failure (exit code 75) when a newer program acts. Nothing of the site `without` is asked. */
  check(claimant: Claimant, io: ReadIo, without?: SiteSide): Promise<void>
  /** Who may act, as each host that can be reached has it; hosts where nothing is written are omitted. */
  standing(planName: string, io: ReadIo): Promise<Standing[]>
}
export type Standing = { host: string; fencingNumber: number; lineage: string; holder: string; at: string }

/** `host` is its ssh name. */
export type CopyPlace = { host: string; side: SiteSide }
export type JournalCopiesRole = {
  /** The source's first. */
  places: CopyPlace[]
  head(host: string, planName: string, io: ReadIo): Promise<JournalHead>
  /** The copy's lines after the given sequence number, as they were appended. */
  read(host: string, planName: string, after: number, io: ReadIo): Promise<string>
  /**
   * Adds lines to the copy; they are on the disk when it returns. `taken` is false when they do not follow the head, which is given
   * back as it stands now. Throws Failure (exit code 75) when a newer program acts.
   */
  append(
    host: string,
    claimant: Claimant,
    lines: readonly string[],
    io: ChangeIo,
  ): Promise<{ taken: boolean; head: JournalHead }>
  /** Keeps the copy under another name, beside it, so that a new one begins. Throws Failure (exit code 75) when a newer program acts. */
  setAside(host: string, claimant: Claimant, io: ChangeIo): Promise<void>
}

/** A signed checkpoint of so many entries, and the public key that it can be verified with. */
export type Seal = { entries: number; note: string; key: string }
/** What a host has: public keys, and the checkpoints one after the other. */
export type KeptSeals = { keys: string[]; notes: string }
export type JournalSealsRole = {
  /** The source's first. */
  places: CopyPlace[]
  /** Where the seals are at a host. */
  directory(planName: string): string
  /** The seal is on the disk when it returns. Throws Failure: it has a seal of more entries, or another program may act there. */
  keep(host: string, claimant: Claimant, seal: Seal, io: ChangeIo): Promise<void>
  read(host: string, planName: string, io: ReadIo): Promise<KeptSeals>
}

export type Asked = { component: Component; plan: Plan; facts: FactsByComponent }
/** A kind's declaration: the role from spec and facts, or undefined while it is unknown. */
export type Provides = { [Role in RoleName]?: (asked: Asked) => Roles[Role] | undefined }
/** Every component that has the role now, in the plan's order. */
export type RoleLookup = <Role extends RoleName>(role: Role) => { component: string; value: Roles[Role] }[]

export function rolesOf(
  plan: Plan,
  kinds: Record<string, { provides?: Provides }>,
  facts: FactsByComponent,
): RoleLookup {
  return role =>
    Object.values(plan.components).flatMap(component => {
      const value = kinds[component.kind]?.provides?.[role]?.({ component, plan, facts })
      return value === undefined ? [] : [{ component: component.id, value }]
    })
}
