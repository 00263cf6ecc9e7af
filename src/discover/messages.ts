import type { KeysOf, Sentences } from '../model/text.ts'
import en from './messages/en.json' with { type: 'json' }
import fr from './messages/fr.json' with { type: 'json' }

export const messages: Sentences<typeof en> = { en, fr }

declare module '../model/text.ts' {
  interface MessageKeys extends KeysOf<typeof en> {}
}
