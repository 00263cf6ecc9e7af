// Argument: the folder, which gets `bascule.1` and `fr/bascule.1`. SOURCE_DATE_EPOCH (seconds) gives their date; default: today.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { instantAt, now } from '../model/instant.ts'
import { manPage } from './man-page.ts'

const [folder = 'dist/man'] = process.argv.slice(2)
const { SOURCE_DATE_EPOCH: epoch } = process.env
const date = (epoch ? instantAt(Number(epoch) * 1000) : now()).slice(0, 10)
mkdirSync(join(folder, 'fr'), { recursive: true })
writeFileSync(join(folder, 'bascule.1'), manPage('en', date))
writeFileSync(join(folder, 'fr/bascule.1'), manPage('fr', date))
