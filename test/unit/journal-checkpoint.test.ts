import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  checkpointsIn,
  isSignedByOne,
  rootOf,
  signCheckpoint,
  treeRoot,
  verifierKey,
} from '../../src/journal/checkpoint.ts'
import fc from '../helpers/property.ts'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const origin = 'bascule/training/one'
const key = verifierKey(origin, publicKey)
const other = verifierKey(origin, generateKeyPairSync('ed25519').publicKey)

describe('a signed note', () => {
  /** The example of golang.org/x/mod/sumdb/note: a program that is not ours has signed it. */
  const foreign = `If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`
  const foreignKey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'

  it('of another program is verified', () => {
    expect(isSignedByOne(foreign, [key, foreignKey])).toBe(true)
    expect(isSignedByOne(foreign.replace('answer', 'Answer'), [foreignKey])).toBe(false)
    expect(isSignedByOne(foreign, [foreignKey.replace('c74f20a3', 'c74f20a4')])).toBe(false)
    expect(isSignedByOne(foreign, [key, 'nonsense', 'a+00000000+', 'PeterNeumann+c74f20a3+AQ=='])).toBe(false)
  })
})

describe('the tree of RFC 6962', () => {
  const leaves = [
    '',
    '00',
    '10',
    '2021',
    '3031',
    '40414243',
    '5051525354555657',
    '606162636465666768696a6b6c6d6e6f',
  ]
  const roots = [
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ]
  it.each(roots.map((root, size) => [size, root] as const))(
    'has, of %i leaves, its known root',
    (size, root) => {
      expect(treeRoot(leaves.slice(0, size).map(leaf => Buffer.from(leaf, 'hex'))).toString('hex')).toBe(root)
    },
  )
})

describe('a checkpoint', () => {
  const entry = fc.stringMatching(/^[0-9a-f]{64}$/)

  it('says origin, size and root, and is read again among others', () => {
    fc.assert(
      fc.property(fc.array(fc.array(entry, { maxLength: 9 }), { maxLength: 4 }), logs => {
        const notes = logs.map(hashes =>
          signCheckpoint({ origin, entries: hashes.length, root: rootOf(hashes) }, privateKey),
        )
        const found = checkpointsIn(notes.join(''))
        expect(found.map(one => one?.entries)).toEqual(logs.map(({ length }) => length))
        expect(found.map(one => one?.root)).toEqual(logs.map(rootOf))
        for (const one of found) expect(isSignedByOne(one?.note ?? '', [other, key])).toBe(true)
      }),
    )
  })

  it('that anybody has touched is signed by nobody', () => {
    const note = signCheckpoint({ origin, entries: 120, root: rootOf(['ab'.repeat(32)]) }, privateKey)
    expect(isSignedByOne(note, [key])).toBe(true)
    expect(isSignedByOne(note, [other])).toBe(false)
    expect(isSignedByOne(note.replace('\n120\n', '\n119\n'), [key])).toBe(false)
    expect(isSignedByOne(note.replace(origin, `${origin}x`), [key])).toBe(false)
    expect(isSignedByOne('', [key])).toBe(false)
  })

  it('that is none is told as none, and the others are read', () => {
    const note = signCheckpoint({ origin, entries: 1, root: rootOf(['ab'.repeat(32)]) }, privateKey)
    expect(checkpointsIn('')).toEqual([])
    expect(checkpointsIn('hello\n')).toEqual([undefined])
    expect(checkpointsIn(`${note}hello\n\n— me eA==\n${note}`).map(one => one?.entries)).toEqual([
      1,
      undefined,
      1,
    ])
    expect(checkpointsIn(`${note}${note.slice(0, 40)}`).map(one => one?.entries)).toEqual([1, undefined])
  })
})
