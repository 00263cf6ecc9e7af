/** With one decimal, as people read sizes. */
export const gigabytes = (bytes: number): number => Math.round(bytes / 1e8) / 10
export const megabytes = (bytes: number): number => Math.round(bytes / 1e5) / 10

/** Where two sizes are set against each other: what is free rounded down, what is needed up, so that they never look equal. */
export const freeGigabytes = (bytes: number): number => Math.floor(bytes / 1e8) / 10
export const neededGigabytes = (bytes: number): number => Math.ceil(bytes / 1e8) / 10
/** Never 0 where there is something. */
export const writtenMegabytes = (bytes: number): number => Math.ceil(bytes / 1e5) / 10
