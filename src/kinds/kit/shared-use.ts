/** What steps that read or write all the data of a host use alone: beside each other each takes as much longer. `host`: its ssh name. */
export const diskOf = (host: string): string => `disk at ${host}`
