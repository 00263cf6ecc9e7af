// Fills a database or a directory: `node main.ts database SIZE` (connection from PGHOST, PGPORT…, SERVICE_ROLE) or
// `node main.ts files SIZE DIRECTORY`. Progress is JSON lines on stdout; the last one says what was made.
import { seedDatabase } from './database.ts'
import { seedFiles } from './files.ts'
import { parseSize } from './sizes.ts'

const [what, sizeText = 'tiny', directory] = process.argv.slice(2)
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`)

try {
  if (what === 'database') {
    const {
      PGHOST = '127.0.0.1',
      PGPORT = '5432',
      PGDATABASE = 'techcorp',
      PGUSER = 'postgres',
    } = process.env
    const { PGPASSWORD, PGSSLMODE = 'require', SERVICE_ROLE } = process.env
    const connection = {
      host: PGHOST,
      port: Number(PGPORT),
      database: PGDATABASE,
      user: PGUSER,
      ...(PGPASSWORD === undefined ? {} : { password: PGPASSWORD }),
      ssl: PGSSLMODE === 'disable' ? false : { rejectUnauthorized: false },
    }
    const options = SERVICE_ROLE === undefined ? {} : { serviceRole: SERVICE_ROLE }
    say({ seeded: await seedDatabase(connection, parseSize(sizeText), say, options) })
  } else if (what === 'files' && directory) {
    say({ seeded: await seedFiles(directory, parseSize(sizeText), say) })
  } else {
    throw new Error('expected: database SIZE, or files SIZE DIRECTORY')
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
}
