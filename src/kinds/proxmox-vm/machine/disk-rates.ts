import type { RoleLookup } from '../../../model/roles.ts'
import { linkRate } from '../../kit/link-rate.ts'
import { imageBytes, type MachineFacts } from '../facts.ts'
import type { MachineSpec } from '../spec.ts'

/** Written into an image, dumped from one, or copied within a hypervisor; drives that serve users are not measured for it. */
export const copiedBytesPerSecond = 200e6
/** Read and hashed by one core. */
export const hashedBytesPerSecond = 250e6
/** Of the link's rate, what is left for the content: rsync over ssh. */
const linkUse = 0.85
/** A clean shutdown: 0.3 to 0.5 s measured on a small guest; what a guest stops first takes the rest. */
export const shutdownSeconds = 5
/** From power to services that answer: 6 to 9 s measured on a small guest without hardware virtualisation. */
export const startSeconds = 20

/** What a start takes here: half of what the plan allows for one, since that allows for a bad day. */
export const startTime = ({ startSeconds: allowed }: MachineSpec): number => Math.min(30, allowed / 2)
/** The deadline of whatever turns a machine on or off. */
export const powerSeconds = ({ startSeconds: allowed, shutdown }: MachineSpec): number =>
  Math.ceil(60 + allowed + shutdown.timeoutSeconds)

export const travelSeconds = (bytes: number, linkMbps: number): number =>
  (bytes * 8) / (linkMbps * 1e6 * linkUse)

/** What the guest sees of its disks, zeros included. */
export const provisionedBytes = ({ disks }: Pick<MachineFacts, 'disks'>): number =>
  disks.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)

/** Each disk laid out flat, then hashed with its zeros; both sites at the same time. */
export const compareSeconds = (machine: MachineFacts): number =>
  Math.ceil(3 + imageBytes(machine) / copiedBytesPerSecond + provisionedBytes(machine) / hashedBytesPerSecond)

/** The way back: both ends read the image to find what differs, and again to prove it; a day's writes travel. */
export const returnSeconds = (machine: MachineFacts, linkMbps: number): number =>
  Math.ceil(
    5 +
      (2 * imageBytes(machine)) / hashedBytesPerSecond +
      travelSeconds(Math.min(machine.churnBytesPerDay, imageBytes(machine)), linkMbps),
  )

/** Assumed between the sites while no link is declared or measured; a finding says so. Mbit/s. */
export const assumedLinkMbps = 100

/** Of the link between the sites, in Mbit/s. */
export const linkMbpsOf = ({ roles }: { roles: RoleLookup }): number =>
  linkRate(roles)?.mbps ?? assumedLinkMbps
