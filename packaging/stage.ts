// Argument: the folder of a package to be, with `dist`. Puts in it what package.json names, and what the lock file needs to run it.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

type Locked = { dev?: true; devOptional?: true }

const root = join(import.meta.dirname, '..')
const folder = process.argv[2] ?? ''
const read = (name: string) => JSON.parse(readFileSync(join(root, name), 'utf8'))
const copy = (path: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  // one below another is a package of its own in the lock
  cpSync(join(root, path), join(folder, path), {
    recursive: true,
    filter: source => !source.endsWith('/node_modules') || source === join(root, path),
  })
}

const { files, devDependencies: _, scripts: __, ...published } = read('package.json')
const isBuilt = (path: string) => path === 'dist'
const pages = readdirSync(root).filter(name => /^README.*\.md$/.test(name))
for (const path of new Set<string>([...files.filter((one: string) => !isBuilt(one)), ...pages])) copy(path)

const locked: Record<string, Locked> = read('package-lock.json').packages
for (const [path, { dev, devOptional }] of Object.entries(locked)) {
  // optional ones are for other platforms, or were not wanted here
  if (path !== '' && !dev && !devOptional && existsSync(join(root, path))) copy(path)
}
writeFileSync(
  join(folder, 'package.json'),
  `${JSON.stringify({ ...published, files, bundleDependencies: true }, null, 2)}\n`,
)
