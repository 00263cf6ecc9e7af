/** Explicit figures, or one of the names for them. Bytes are of tables with their indexes, and of file contents. */
export type Figures = { databaseBytes: number; files: number; fileBytes: number }
export type Size = 'tiny' | 'small' | 'medium' | Figures

const named: Record<Extract<Size, string>, Figures> = {
  tiny: { databaseBytes: 5e6, files: 100, fileBytes: 3e6 },
  small: { databaseBytes: 50e6, files: 2000, fileBytes: 60e6 },
  medium: { databaseBytes: 1e9, files: 100_000, fileBytes: 1.4e9 },
}

export const figuresOf = (size: Size): Figures => (typeof size === 'string' ? named[size] : size)

/** `tiny`, or `50e6,2000,60e6` (database bytes, files, file bytes). Throws on anything else. */
export function parseSize(text: string): Size {
  if (Object.hasOwn(named, text)) return text as Size
  const [databaseBytes, files, fileBytes, ...rest] = text.split(',').map(Number)
  const figures = { databaseBytes: databaseBytes ?? 0, files: files ?? 0, fileBytes: fileBytes ?? 0 }
  if (rest.length > 0 || !Object.values(figures).every(figure => figure >= 1))
    throw new Error(
      `size ${text}: expected ${Object.keys(named).join(', ')} or databaseBytes,files,fileBytes`,
    )
  return figures
}

/** What parseSize reads. */
export const formatSize = (size: Size): string =>
  typeof size === 'string' ? size : [size.databaseBytes, size.files, size.fileBytes].join(',')

export type RowCounts = {
  accounts: number
  sessions: number
  courses: number
  examsPerCourse: number
  enrolmentsPerAccount: number
  certificates: number
  documents: number
  answers: number
  progress: number
  auditLog: number
}

/** What a row costs on disk with its share of indexes, measured; a document is TOASTed. */
const rowBytes = { answers: 237, progress: 151, auditLog: 158, document: 17_950, perAccount: 610 }
const lessonDocumentShare = 0.15
const share = { answers: 0.48, progress: 0.35, auditLog: 0.17 }

/** How many rows of each table make up the wanted bytes. */
export function rowCountsOf(size: Size): RowCounts {
  const { databaseBytes } = figuresOf(size)
  const courses = courseCountOf(size)
  const accounts = clamp(Math.round(databaseBytes / 9800), 100, 200_000)
  const documents = Math.max(1, Math.round((databaseBytes * lessonDocumentShare) / rowBytes.document))
  const fixedBytes = accounts * rowBytes.perAccount + documents * rowBytes.document
  const leftBytes = Math.max(databaseBytes * 0.1, databaseBytes - fixedBytes)
  const rows = (table: keyof typeof share) =>
    Math.max(20, Math.round((leftBytes * share[table]) / rowBytes[table]))
  return {
    accounts,
    sessions: Math.ceil(accounts / 5),
    courses,
    examsPerCourse: 4,
    enrolmentsPerAccount: 3,
    certificates: Math.ceil(accounts / 4),
    documents,
    answers: rows('answers'),
    progress: rows('progress'),
    auditLog: rows('auditLog'),
  }
}

/** Courses own the files, so their number follows from the files; at least one of each sort of link. */
export const courseCountOf = (size: Size): number => clamp(Math.ceil(figuresOf(size).files / 50), 5, 500)

const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value))
