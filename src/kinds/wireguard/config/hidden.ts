/**
 * Secrets never leave their host: a configuration is read there with every key but a peer's PublicKey replaced by
 * `(hidden-key-N)`, and written there with these words filled in again from the file that is replaced.
 */
export const hiddenKey = /\(hidden-key-\d+\)/g
export const hasHidden = (text: string): boolean => text.search(hiddenKey) >= 0
/** Filled in at the host with a key that `wg genkey` makes there. */
export const generatedKey = '(generated-key)'
/** What is left of a key that stood in a comment, in a copy at another host. */
export const leftOut = '(left out)'
