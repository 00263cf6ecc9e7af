/**
 * A sentence for people, not yet in a language: the key of a catalogue entry and its values.
 * Journal and runbook keep `Text`, so that the same run reads in French or English.
 */
export type Text = { key: string; values?: Record<string, string | number> }

/** One language's sentences, by key. Values stand as `{{name}}` (i18next). */
export type Catalogue = Record<string, string>
export type Catalogues = { fr: Catalogue; en: Catalogue }
