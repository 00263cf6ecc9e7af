/** How many documents are opened: in the days before as good as all, in the window a number that does not grow. */
export const documentsLookedAt = { ahead: 100_000, inWindow: 400 } as const
