import { html as template } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'
import { visible } from '../views/lines.ts'

export type Html = HtmlEscapedString

/**
 * Every value is escaped, and what turns the direction of writing is shown, unless it is `Html` itself. Nothing is waited for: values
 * are never promises.
 */
export const html = (strings: TemplateStringsArray, ...values: unknown[]): Html =>
  template(strings, ...values.map(shown)) as Html

const shown = (value: unknown): unknown =>
  typeof value === 'string' ? visible(value) : Array.isArray(value) ? value.map(shown) : value
