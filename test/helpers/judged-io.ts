import type { ChangeIo } from '../../src/model/io.ts'

/** The program was killed: nothing that it would have done afterwards happens. */
export class Killed extends Error {
  override name = 'Killed'
}

/** Whether that is why it failed, however it was told since. */
export const isKilled = (error: unknown): boolean =>
  error instanceof Killed || (error instanceof Error && error.cause !== undefined && isKilled(error.cause))

const reading = ['read', 'query', 'querySession', 'http', 'dns', 'local'] as const
const changes = ['change', 'execute', 'changeLocal', 'writeFile'] as const
type Method = (typeof reading)[number] | (typeof changes)[number]
type Call = (...given: never[]) => Promise<unknown>
const wrapped = (
  io: ChangeIo,
  methods: readonly Method[],
  wrap: (call: Call, method: Method) => Call,
): ChangeIo => {
  const own = Object.fromEntries(
    methods.flatMap(method => {
      const call = io[method] as Call | undefined
      return call ? [[method, wrap(call.bind(io), method)]] : []
    }),
  )
  return { ...io, ...own }
}

/** Refuses every change. */
export const guarded = (io: ChangeIo): ChangeIo =>
  wrapped(io, changes, (_call, method) => async (...given) => {
    throw new TypeError(`${method} where nothing may be changed: ${JSON.stringify(given.slice(0, 2))}`)
  })

/** Remembers at which hosts something was changed. */
export function changing(io: ChangeIo): { io: ChangeIo; hosts(): string[] } {
  const hosts: string[] = []
  const noting = wrapped(io, ['change', 'execute', 'writeFile'], call => (...given) => {
    const [place] = given as unknown as [string | { host: string }]
    hosts.push(typeof place === 'string' ? place : place.host)
    return call(...given)
  })
  return { io: noting, hosts: () => hosts }
}

/** The call with this number is carried out, and its answer comes to nobody; nothing is carried out after it. */
export function killing(io: ChangeIo, at: number): { io: ChangeIo; calls(): number } {
  let calls = 0
  const abort = new AbortController()
  const die = () => {
    const error = new Killed(`killed after call ${at}`)
    abort.abort(error)
    throw error
  }
  const counted = wrapped(io, [...reading, ...changes], call => async (...given) => {
    if (calls >= at) die()
    calls++
    const mine = calls
    try {
      return await call(...given)
    } finally {
      if (mine >= at) die()
    }
  })
  const sleep: ChangeIo['sleep'] = async seconds => {
    if (calls >= at) die()
    await io.sleep(seconds)
  }
  return { io: { ...counted, sleep, signal: abort.signal }, calls: () => calls }
}

/** Where the program dies: `after` its nth change of the world, or `before` it. */
export type Die = {
  change: number
  when: 'before' | 'after'
  /** Set when it has died. */
  died?: boolean
}

/** Of what the program would have done once it is dead, nothing happens. */
export function dying<Io extends ChangeIo>(io: Io, die?: Die): Io {
  if (die === undefined) return io
  let count = 0
  return throughChanges(io, call => async (...given) => {
    count += 1
    const dies = count >= die.change
    die.died ||= dies
    if (dies && (die.when === 'before' || count > die.change))
      throw new Killed(`killed before change ${count}`)
    const result = await call(...given)
    if (dies) throw new Killed(`killed after change ${count}`)
    return result
  })
}

export function counting<Io extends ChangeIo>(io: Io): { io: Io; changes(): number } {
  let count = 0
  const counted = throughChanges(io, call => (...given) => {
    count += 1
    return call(...given)
  })
  return { io: counted, changes: () => count }
}

/** A request that only reads is no change. */
function throughChanges<Io extends ChangeIo>(io: Io, wrap: (call: Call) => Call): Io {
  const changing = wrap(io.http as Call) as ChangeIo['http']
  const http: ChangeIo['http'] = request => (request.method === 'GET' ? io.http : changing)(request)
  return { ...io, ...wrapped(io, changes, wrap), http }
}
