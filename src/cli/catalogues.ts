import { messages as discover } from '../discover/messages.ts'
import type { Catalogues } from '../model/text.ts'
import { messages as server } from '../server/messages.ts'
import { catalogues as core } from '../views/catalogues.ts'
import { messages as cli } from './messages.ts'

/** Every sentence but those of the kinds, whose own are added when they are loaded. */
export const catalogues: Catalogues[] = [cli, discover, server, ...core]
