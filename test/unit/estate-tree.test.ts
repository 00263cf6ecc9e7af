import { describe, expect, it } from 'vitest'
import { contentOf, expectedFile } from '../../lab/estate/seed/content.ts'
import { figuresOf, formatSize, parseSize, rowCountsOf } from '../../lab/estate/seed/sizes.ts'
import { originOf, treeOf } from '../../lab/estate/seed/tree.ts'

describe('the tree of the file server', () => {
  it.each(['tiny', 'small', 'medium'] as const)(
    '%s has exactly its number of files, each path once, links after what they name',
    size => {
      const seen = new Set<string>()
      const wrong: string[] = []
      for (const { path, link } of treeOf(size)) {
        const sound = link ? seen.has(link.to) && originOf(path) === link.to : originOf(path) === path
        if (seen.has(path) || !sound) wrong.push(path)
        seen.add(path)
      }
      expect(wrong).toEqual([])
      expect(seen.size).toBe(figuresOf(size).files)
    },
  )

  it.each(['tiny', 'small'] as const)('%s has about its number of bytes', size => {
    let bytes = 0
    for (const { path, link } of treeOf(size)) if (!link) bytes += contentOf(path, size).length
    const wanted = figuresOf(size).fileBytes
    expect(bytes / wanted).toBeGreaterThan(0.9)
    expect(bytes / wanted).toBeLessThan(1.1)
  })

  it('no two files have the same bytes, unless one is a link', () => {
    const hashes = [...treeOf('tiny')]
      .filter(entry => !entry.link)
      .map(entry => expectedFile(entry.path, 'tiny').sha256)
    expect(new Set(hashes).size).toBe(hashes.length)
  })

  it('content follows from the path and the size, and never changes', () => {
    // A change here makes every laboratory raised before it look corrupt.
    expect(expectedFile('communs/règlement intérieur.pdf', 'tiny')).toMatchInlineSnapshot(`
      {
        "sha256": "46eb96c9d1e789c524ed749dd547832f563861f499f1720170057600f14274b2",
        "sizeBytes": 33253,
      }
    `)
    expect(expectedFile('formations/formation-0003/module-01/vidéo.mp4', 'small')).toMatchInlineSnapshot(`
      {
        "sha256": "005820790660270f6090c2afb871205631c8ddbdde4a3466abfd4d65c9abb0ec",
        "sizeBytes": 70162,
      }
    `)
  })
})

describe('sizes', () => {
  it('have names or figures', () => {
    expect(parseSize('medium')).toBe('medium')
    const figures = { databaseBytes: 2e7, files: 300, fileBytes: 4e6 }
    expect(parseSize('2e7,300,4e6')).toEqual(figures)
    for (const size of ['tiny', figures] as const) expect(parseSize(formatSize(size))).toEqual(size)
    for (const wrong of ['huge', '', '1', '1,2', '1,2,3,4', '1,2,x', '0,1,1', '-1,1,1', 'toString'])
      expect(() => parseSize(wrong)).toThrow('expected tiny, small, medium or')
  })

  it('small has more than 5 000 active users', () => {
    expect(rowCountsOf('small').accounts).toBeGreaterThan(5000)
  })

  it('every figure gives some of each', () => {
    for (const counts of [rowCountsOf({ databaseBytes: 1, files: 1, fileBytes: 1 }), rowCountsOf('medium')])
      for (const count of Object.values(counts)) expect(count).toBeGreaterThan(0)
  })
})
