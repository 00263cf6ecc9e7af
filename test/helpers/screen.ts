const control = String.fromCharCode(27)
const controls = new RegExp(`${control}\\[(\\?)?(\\d*)([A-Za-z])|\\n|\\r|[^${control}\\n\\r]+`, 'g')

/** What a terminal shows of what was written to it: the moves of the cursor and the clearing that a redrawn table uses. */
export class Screen {
  readonly #rows: string[] = ['']
  #row = 0
  #column = 0

  get lines(): string[] {
    return this.#rows
      .map(row => row.trimEnd())
      .slice(0, this.#rows.findLastIndex(row => row.trim() !== '') + 1)
  }

  write(text: string): void {
    for (const [token, isPrivate, figure, letter] of text.matchAll(controls)) {
      if (token === '\n') this.#moveTo(this.#row + 1, 0)
      else if (token === '\r') this.#column = 0
      else if (letter === undefined) this.#put(token)
      else if (isPrivate === undefined) this.#control(letter, figure === '' ? undefined : Number(figure))
    }
  }

  #control(letter: string, figure: number | undefined): void {
    if (letter === 'A') this.#moveTo(this.#row - (figure ?? 1), this.#column)
    else if (letter === 'B') this.#moveTo(this.#row + (figure ?? 1), this.#column)
    else if (letter === 'G') this.#column = (figure ?? 1) - 1
    else if (letter === 'K') this.#rows[this.#row] = figure === 2 ? '' : this.#left()
    else if (letter === 'J') this.#rows.splice(this.#row, Number.POSITIVE_INFINITY, this.#left())
    else if (letter !== 'm') throw new Error(`a terminal's ${letter} is not known here`)
  }

  #left(): string {
    return (this.#rows[this.#row] ?? '').slice(0, this.#column)
  }

  #moveTo(row: number, column: number): void {
    this.#row = Math.max(0, row)
    this.#column = column
    while (this.#rows.length <= this.#row) this.#rows.push('')
  }

  #put(text: string): void {
    const old = this.#rows[this.#row] ?? ''
    this.#rows[this.#row] = this.#left().padEnd(this.#column) + text + old.slice(this.#column + text.length)
    this.#column += text.length
  }
}
