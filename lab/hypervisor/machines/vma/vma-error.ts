/** An archive that is not what it should be. */
export class VmaError extends Error {
  override name = 'VmaError'
}
