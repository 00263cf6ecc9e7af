import type { Said } from './paper-hypervisors.ts'

type Snapshot = { tag: string; guid: string; content: string }
type Stream = { toname: string; guid: string; fromGuid?: string; content: string }
type Partial = { token: string; stream: Stream }
type Dataset = { content: string; snapshots: Snapshot[]; origin?: string; partial?: Partial }

class Refusal extends Error {}
const refuse = (why: string): never => {
  throw new Refusal(why)
}
let guids = 0
const streams = new Map<string, Stream>()

/** The datasets of one hypervisor, in memory. It refuses what OpenZFS's manual says is refused; nothing here is ZFS. */
export class PaperPool {
  readonly datasets = new Map<string, Dataset>()
  readonly parents: Set<string>
  /** Disks that a running machine has open: nothing can be received onto them. */
  busy: (dataset: string) => boolean = () => false
  /** The next transfer to here breaks midway. */
  breaks = false

  constructor(...parents: string[]) {
    this.parents = new Set(parents)
  }

  content(dataset: string): string | undefined {
    return this.datasets.get(dataset)?.content
  }

  run(argv: readonly string[]): Said {
    try {
      return { stdout: this.does(argv) }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return { exitCode: 1, stderr: `${error.message}\n` }
    }
  }

  private does([program, verb = '', ...words]: readonly string[]): string {
    if (program === 'zpool') return ''
    const last = words.at(-1) ?? ''
    if (verb === 'snapshot') return this.snapshot(words)
    if (verb === 'list') return this.list(last)
    if (verb === 'get') return this.get(words.at(-2) ?? '', last)
    if (verb === 'send') return this.describe(words)
    if (verb === 'receive' && words[0] === '-A') return this.forget(last)
    if (verb === 'rollback') return this.rollback(last, words.includes('-r'))
    if (verb === 'clone') return this.clone(words[0] ?? '', last)
    if (verb === 'destroy') return this.destroy(last, words.includes('-r'))
    throw new Error(`nobody taught this pool ${verb}`)
  }

  private at(name: string): Dataset {
    return this.datasets.get(name) ?? refuse(`cannot open '${name}': dataset does not exist`)
  }

  private find(name: string): [Dataset, Snapshot, number] {
    const [dataset = '', tag] = name.split('@')
    const found = this.at(dataset)
    const index = found.snapshots.findIndex(one => one.tag === tag)
    const snapshot = found.snapshots[index] ?? refuse(`cannot open '${name}': dataset does not exist`)
    return [found, snapshot, index]
  }

  private snapshot(names: readonly string[]): string {
    for (const name of names) {
      const [dataset = '', tag] = name.split('@')
      if (this.at(dataset).snapshots.some(one => one.tag === tag))
        refuse(`cannot create snapshot '${name}': dataset already exists`)
    }
    for (const name of names) {
      const [dataset = '', tag = ''] = name.split('@')
      guids += 1
      const found = this.at(dataset)
      found.snapshots.push({ tag, guid: `g${guids}`, content: found.content })
    }
    return ''
  }

  private list(name: string): string {
    return this.at(name)
      .snapshots.map(({ tag, guid }) => `${name}@${tag}\t${guid}\n`)
      .join('')
  }

  private get(names: string, of: string): string {
    const dataset = this.at(of.split('@')[0] ?? '')
    const content = of.includes('@') ? this.find(of)[1].content : dataset.content
    const value = (name: string): string => {
      if (name === 'type') return 'volume'
      if (name === 'volsize') return '1048576'
      if (name === 'referenced') return String(content.length)
      if (name === 'origin') return dataset.origin ?? '-'
      if (name === 'receive_resume_token') return dataset.partial?.token ?? '-'
      if (!name.startsWith('written@')) throw new Error(`nobody taught this pool ${name}`)
      const since = dataset.snapshots.find(({ tag }) => `written@${tag}` === name)
      return since === undefined ? '-' : since.content === content ? '0' : '4096'
    }
    return names
      .split(',')
      .map(name => `${value(name)}\n`)
      .join('')
  }

  /** The stream that `zfs send` would write. Throws a refusal. */
  stream(words: readonly string[]): Stream {
    if (words.includes('-t')) {
      const stream = streams.get(words.at(-1) ?? '') ?? refuse('resume token is corrupt')
      const [, snapshot] = this.find(stream.toname)
      return snapshot.guid === stream.guid ? stream : refuse('the snapshot is another one')
    }
    const toname = words.at(-1) ?? ''
    const [, { guid, content }, index] = this.find(toname)
    const since = words[words.indexOf('-i') + 1]
    if (!words.includes('-i') || since === undefined) return { toname, guid, content }
    const [, from, earlier] = this.find(since)
    if (earlier >= index) refuse(`cannot send '${toname}': not an earlier snapshot from the same fs`)
    return { toname, guid, content, fromGuid: from.guid }
  }

  private describe(words: readonly string[]): string {
    if (!words.includes('-n')) throw new Error('a stream that nobody receives')
    const { toname, content } = this.stream(words)
    return `${words.includes('-t') ? `resume token contents:\n\ttoname = ${toname}\n` : ''}size\t${content.length}\n`
  }

  /** `zfs receive -s -u`, without `-F`. */
  receive(name: string, stream: Stream, token: string | undefined): Said {
    try {
      this.take(name, stream, token)
      return {}
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return { exitCode: 1, stderr: `cannot receive: ${error.message}\n` }
    }
  }

  private take(name: string, stream: Stream, token: string | undefined): void {
    const there = this.datasets.get(name)
    if (this.busy(name)) refuse('dataset is busy')
    if (there?.partial !== undefined && there.partial.token !== token)
      refuse('destination contains partially-complete state from "zfs receive -s"')
    if (token !== undefined && there?.partial === undefined) refuse('kept state is gone')
    if (stream.fromGuid === undefined) {
      if (!this.parents.has(name.slice(0, name.lastIndexOf('/')))) refuse('parent does not exist')
      if (there !== undefined && token === undefined) refuse('destination already exists')
    } else {
      const newest = there?.snapshots.at(-1) ?? refuse('destination does not exist')
      if (newest.guid !== stream.fromGuid) refuse('most recent snapshot does not match incremental source')
      if (newest.content !== there?.content) refuse('destination has been modified')
    }
    const dataset: Dataset = there ?? { content: '', snapshots: [] }
    this.datasets.set(name, dataset)
    if (this.breaks) {
      this.breaks = false
      const kept = `1-${stream.guid}`
      streams.set(kept, stream)
      dataset.partial = { token: kept, stream }
      refuse('connection lost')
    }
    delete dataset.partial
    const { guid, content } = stream
    dataset.content = content
    dataset.snapshots.push({ tag: stream.toname.split('@')[1] ?? '', guid, content })
  }

  private forget(name: string): string {
    const dataset = this.at(name)
    if (dataset.partial === undefined) refuse('no partially-complete state')
    delete dataset.partial
    if (dataset.snapshots.length === 0) this.datasets.delete(name)
    return ''
  }

  private rollback(name: string, younger: boolean): string {
    const [dataset, snapshot, index] = this.find(name)
    if (index < dataset.snapshots.length - 1 && !younger) refuse('more recent snapshots exist')
    for (const { tag } of dataset.snapshots.slice(index + 1)) this.requireNoClone(name, tag)
    dataset.snapshots.splice(index + 1)
    dataset.content = snapshot.content
    return ''
  }

  private clone(snapshot: string, name: string): string {
    const [, { content }] = this.find(snapshot)
    if (this.datasets.has(name)) refuse(`cannot create '${name}': dataset already exists`)
    this.datasets.set(name, { content, snapshots: [], origin: snapshot })
    return ''
  }

  private destroy(name: string, all: boolean): string {
    const [dataset = '', tag] = name.split('@')
    if (tag !== undefined) {
      const [found, , index] = this.find(name)
      this.requireNoClone(dataset, tag)
      found.snapshots.splice(index, 1)
      return ''
    }
    const { snapshots } = this.at(name)
    if (this.busy(name)) refuse('dataset is busy')
    if (snapshots.length > 0 && !all) refuse('filesystem has children')
    for (const one of snapshots) this.requireNoClone(name, one.tag)
    this.datasets.delete(name)
    return ''
  }

  private requireNoClone(name: string, tag: string): void {
    const origin = `${name.split('@')[0]}@${tag}`
    if ([...this.datasets.values()].some(one => one.origin === origin))
      refuse('snapshot has dependent clones')
  }
}
