import { courseCountOf, figuresOf, type Size } from './sizes.ts'

export type FileKind = 'pdf' | 'png' | 'jpeg' | 'video' | 'subtitles'
export type TreeEntry = {
  /** From the root of the file server, with `/`. */
  path: string
  kind: FileKind
  /** The course that lists it; undefined for what is common to all. */
  course?: number
  /** Another name of an earlier file. */
  link?: { kind: 'hard' | 'symbolic'; to: string }
  /** A few files carry an access list and an extended attribute. */
  restricted?: boolean
}

const extensions: Record<FileKind, string> = {
  pdf: 'pdf',
  png: 'png',
  jpeg: 'jpg',
  video: 'mp4',
  subtitles: 'fr.vtt',
}

/** One module of a course: what is in its folder, in order. Names with spaces and accents are meant. */
const moduleFiles: [FileKind, string][] = [
  ['pdf', 'support de cours'],
  ['video', 'vidéo'],
  ['subtitles', 'vidéo'],
  ['png', 'schéma 1'],
  ['jpeg', 'photo-1'],
  ['pdf', 'exercices corrigés'],
  ['png', 'schéma 2'],
  ['jpeg', 'photo-2'],
  ['pdf', "fiche de synthèse (à l'écran)"],
  ['jpeg', 'photo-3'],
]

/** At the top of the tree; some courses name them again by a link. */
const commonFiles = ['règlement intérieur', "livret d'accueil"]
const [hardLinked, symbolicallyLinked] = ['règlement intérieur', "livret d'accueil"]

/** Every file of a size, exactly `files` of them, in an order where a link comes after what it names. */
export function* treeOf(size: Size): Generator<TreeEntry> {
  const { files } = figuresOf(size)
  const courses = courseCountOf(size)
  for (const name of commonFiles.slice(0, files)) yield { path: `communs/${name}.pdf`, kind: 'pdf' }
  for (let index = 0; index < files - commonFiles.length; index += 1) {
    const course = 1 + (index % courses)
    yield courseFile(course, Math.floor(index / courses))
  }
}

function courseFile(course: number, index: number): TreeEntry {
  const folder = `formations/formation-${String(course).padStart(4, '0')}`
  // The first file of two courses in five is a link to a common one.
  if (index === 0 && course % 5 < 2) {
    const kind = course % 5 === 0 ? 'hard' : 'symbolic'
    const name = kind === 'hard' ? hardLinked : symbolicallyLinked
    return {
      path: `${folder}/annexes/${name}.pdf`,
      kind: 'pdf',
      course,
      link: { kind, to: `communs/${name}.pdf` },
    }
  }
  const module = String(1 + Math.floor(index / moduleFiles.length)).padStart(2, '0')
  const [kind, name] = moduleFiles[index % moduleFiles.length] ?? ['pdf', 'annexe']
  const path = `${folder}/module-${module}/${name}.${extensions[kind]}`
  return { path, kind, course, ...(index === 5 && course % 10 === 3 ? { restricted: true } : {}) }
}

/** The path whose bytes this one has: itself, or what its link names. */
export function originOf(path: string): string {
  const annex = /^formations\/[^/]+\/annexes\/([^/]+)$/.exec(path)
  return annex ? `communs/${annex[1]}` : path
}

/** Throws on a name that no tree has. */
export function kindOf(path: string): FileKind {
  const found = Object.entries(extensions).find(([, extension]) => path.endsWith(`.${extension}`))
  if (!found) throw new Error(`no file of the estate ends like ${path}`)
  return found[0] as FileKind
}
