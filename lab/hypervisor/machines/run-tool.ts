import { ExecaError, execa } from 'execa'
import { Refusal } from './refusal.ts'

const path = `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin`

/** Runs one of the host's programs. What it says when it fails becomes the refusal, as PVE passes it on. */
export async function runTool(
  argv: readonly string[],
  options: { timeoutSeconds?: number; signal?: AbortSignal; onLine?: (line: string) => void } = {},
): Promise<{ stdout: string }> {
  const [file = '', ...rest] = argv
  try {
    const child = execa(file, rest, {
      stdin: 'ignore',
      timeout: (options.timeoutSeconds ?? 60) * 1000,
      env: { PATH: path },
      ...(options.signal ? { cancelSignal: options.signal } : {}),
    })
    if (options.onLine) {
      // qemu-img -p writes its figures on one line, parted by carriage returns.
      child.stdout.on('data', (chunk: Buffer) => {
        for (const line of chunk.toString().split(/[\r\n]+/)) if (line.trim()) options.onLine?.(line.trim())
      })
    }
    return { stdout: (await child).stdout }
  } catch (cause) {
    if (!(cause instanceof ExecaError)) throw cause
    const said = String(cause.stderr || cause.shortMessage).trim()
    if (cause.isCanceled) throw new Refusal('interrupted by signal', { cause })
    throw new Refusal(`command '${argv.join(' ')}' failed: ${said}`, { cause })
  }
}
