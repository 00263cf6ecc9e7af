import { stringify } from 'yaml'

/** One line of YAML, quoted wherever plain text would be read as something else. */
export function scalar(value: string | number | boolean | null): string {
  return stringify(value, { lineWidth: 0, defaultStringType: 'QUOTE_DOUBLE' }).trimEnd()
}
