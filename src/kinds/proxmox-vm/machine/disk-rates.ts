import { imageBytes, type MachineFacts } from './facts.ts'

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

export const travelSeconds = (bytes: number, linkMbps: number): number =>
  (bytes * 8) / (linkMbps * 1e6 * linkUse)

/** What the guest sees of its disks, zeros included. */
export const provisionedBytes = ({ disks }: MachineFacts): number =>
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
