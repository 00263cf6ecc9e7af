import { log } from './log.ts'

/** Runs a program's main; a wrong environment is one clear line and exit 1, never a stack. */
export function start(main: () => void): void {
  try {
    main()
  } catch (error) {
    log('cannot-start', { message: error instanceof Error ? error.message : String(error) })
    process.exit(1)
  }
}
