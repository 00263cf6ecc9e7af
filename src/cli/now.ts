/** The instant of now, as views and journal have it. */
export const now = (): string => new Date().toISOString()
