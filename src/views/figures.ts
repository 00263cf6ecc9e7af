import { withUnit } from '../i18n/format.ts'
import type { FigureForm, FigureForms } from '../model/figure.ts'
import type { Json, JsonObject } from '../model/json.ts'
import type { Formatter } from './formatter.ts'

/** Figures as `label: value`, in the unit that their kind declares. Lists and what has no form are left to the JSON form. */
export function figuresText(
  figures: JsonObject,
  forms: FigureForms | undefined,
  formatter: Formatter,
): string[] {
  return Object.entries(figures).flatMap(([name, figure]) => {
    const form = forms !== undefined && Object.hasOwn(forms, name) ? forms[name] : undefined
    const value = form && valueText(figure, form, formatter)
    if (form === undefined || value === undefined) return []
    const label = formatter.say({ key: form.label })
    return [formatter.say({ key: 'views.figure', values: { label, value } })]
  })
}

function valueText(value: Json, { unit = '', words }: FigureForm, formatter: Formatter): string | undefined {
  if (typeof value === 'number') return amountText(value, unit, formatter)
  if (typeof value === 'boolean')
    return formatter.say({ key: value ? 'views.figure.yes' : 'views.figure.no' })
  if (typeof value !== 'string' || value === '') return undefined
  const word = words !== undefined && Object.hasOwn(words, value) ? words[value] : undefined
  if (word !== undefined) return formatter.say({ key: word })
  return unit === 'instant' ? formatter.moment(value) : value
}

/** A number in its unit; one of a newer program, with a unit that is not known here, is bare. */
export function amountText(value: number, unit: string, formatter: Formatter): string {
  if (unit === 'B') return formatter.bytes(value)
  if (unit === 'GB') return formatter.bytes(value * 1e9)
  return `${formatter.number(value)}${unitText(unit, formatter)}`
}

/** The unit as it stands behind a number: that of a newer program, or none, is omitted. */
export const unitText = (unit: string, { language }: Pick<Formatter, 'language'>): string =>
  ['s', 'ms', 'Mbit/s', '%'].includes(unit) ? withUnit('', unit, language) : ''
