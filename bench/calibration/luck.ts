import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Seeded draws: the same seed gives the same estate and the same nights. */
export class Luck {
  readonly #random: ReturnType<typeof xoroshiro128plus>
  constructor(seed: number) {
    this.#random = xoroshiro128plus(seed)
  }

  /** Above 0 and below 1. */
  share(): number {
    return ((this.#random.next() >>> 0) + 0.5) / 2 ** 32
  }
  between(from: number, to: number): number {
    return from + (to - from) * this.share()
  }
  whole(from: number, to: number): number {
    return Math.floor(this.between(from, to + 1))
  }
  /** Median 1; `sigma` is that of its logarithm. */
  lognormal(sigma: number): number {
    const normal = Math.sqrt(-2 * Math.log(this.share())) * Math.cos(2 * Math.PI * this.share())
    return Math.exp(sigma * normal)
  }
  /** At least 1; the smaller the shape, the heavier the tail. */
  pareto(shape: number): number {
    return this.share() ** (-1 / shape)
  }
}
