import { expect } from 'vitest'
import type { Ended } from './typed-bascule.ts'

/** Nothing that only a programmer could read: no stack, no defect, no sentence's key in place of its words. */
export function expectForPeople({ output }: Ended): void {
  expect(output).not.toMatch(/^ {4}at /m)
  expect(output).not.toMatch(/defect of Bascule|défaut de Bascule|\bundefined\b|\[object /)
  expect(output).not.toMatch(/\b[a-z]+(\.[\w-]+)+ \{/)
  expect(output).not.toContain('{{')
}
