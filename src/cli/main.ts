import { main } from './start.ts'

process.exitCode = await main(process.argv.slice(2), process.env, process)
