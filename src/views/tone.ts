/** How a text of a document is coloured; its words say the same. */
export type Tone = 'good' | 'bad' | 'warn'
