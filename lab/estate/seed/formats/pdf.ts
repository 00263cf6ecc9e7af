import { noise } from '../noise.ts'

const imageWidth = 128

/** A page with its title and a grey picture of noise that brings the file to about `bytes`. Opens in any reader. */
export function pdf(title: string, key: number, bytes: number): Buffer {
  const height = Math.max(1, Math.round((bytes - 1000) / imageWidth))
  const image = noise(key, imageWidth * height)
  const page = Buffer.from(
    `BT /F1 14 Tf 40 800 Td (${escaped(title)}) Tj ET\nq 400 0 0 400 90 300 cm /I1 Do Q\n`,
    'latin1',
  )
  const objects: (string | Uint8Array)[][] = [
    ['<< /Type /Catalog /Pages 2 0 R >>'],
    ['<< /Type /Pages /Kids [3 0 R] /Count 1 >>'],
    [
      '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R' +
        ' /Resources << /Font << /F1 5 0 R >> /XObject << /I1 6 0 R >> >> >>',
    ],
    [`<< /Length ${page.length} >>\nstream\n`, page, '\nendstream'],
    ['<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>'],
    [
      `<< /Type /XObject /Subtype /Image /Width ${imageWidth} /Height ${height} /ColorSpace /DeviceGray` +
        ` /BitsPerComponent 8 /Length ${image.length} >>\nstream\n`,
      image,
      '\nendstream',
    ],
  ]
  return assemble(objects)
}

function assemble(objects: (string | Uint8Array)[][]): Buffer {
  const parts: Uint8Array[] = []
  let length = 0
  const add = (part: string | Uint8Array) => {
    const bytes = typeof part === 'string' ? Buffer.from(part, 'latin1') : part
    parts.push(bytes)
    length += bytes.length
  }
  // The second line tells transfer programs that the file is binary.
  add('%PDF-1.4\n%\xe2\xe3\xcf\xd3\n')
  const offsets = objects.map((body, index) => {
    const offset = length
    add(`${index + 1} 0 obj\n`)
    body.forEach(add)
    add('\nendobj\n')
    return offset
  })
  const table = length
  // Each line of the table is 20 bytes, the space before the line feed among them.
  add(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`)
  for (const offset of offsets) add(`${String(offset).padStart(10, '0')} 00000 n \n`)
  add(`trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`)
  return Buffer.concat(parts)
}

const escaped = (text: string) => text.replace(/[\\()]/g, '\\$&')
