/**
 * A sentence for people, not yet in a language: the key of a catalogue entry and its values.
 * Journal and runbook keep `Text`, so that the same run reads in French or English. A value may be a sentence itself.
 */
export type Text = { key: MessageKey; values?: Record<string, TextValue> }
export type TextValue = string | number | Text

/**
 * Every key that a sentence may have. Each room's `messages.ts` adds those of its English file, so that a key without a
 * sentence does not compile and grep finds where a sentence is used.
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled by each room's messages.ts
export interface MessageKeys {}
export type MessageKey = keyof MessageKeys

/** `count_one`, `count_other`: the plural forms of one key (i18next chooses by the value `count`). */
type WithoutPlural<K> = K extends `${infer Base}_${'one' | 'other' | 'many'}` ? Base : K
export type KeysOf<English> = Record<WithoutPlural<keyof English>, true>

/** One language's sentences, by key. Values stand as `{{name}}` (i18next). */
export type Catalogue = Record<string, string>
export type Catalogues = { fr: Catalogue; en: Catalogue }
/** The two languages of one room: a sentence that French lacks does not compile. */
export type Sentences<English> = Catalogues & { en: English; fr: Record<keyof English, string> }
