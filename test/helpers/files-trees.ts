import type { TwoSites } from './two-sites.ts'

export const source = 'montpellier-files'
export const target = 'toulouse-files'

/** Every kind of entry that a tree may hold, and every sort of name. */
const everyKindOfEntry = `
cd /srv/files
mkdir -p 'élèves/année 2026' docs vide '#recycle'
printf 'un' > 'élèves/année 2026/relevé de notes.txt'
printf 'a' > $'docs/two\\nlines'
printf 'b' > $'docs/not-utf8-\\xff'
printf 'c' > 'docs/back\\#012slash'
printf 'd' > 'docs/-rf'
printf 'e' > '#recycle/old'; printf 'f' > ';draft'
printf 'shared' > docs/first-name; ln docs/first-name vide/second-name
ln -s ../docs/first-name vide/link; ln -s /nowhere/at-all docs/dangling
printf 'acl' > docs/with-acl; setfacl -m u:daemon:r docs/with-acl
setfacl -d -m g:daemon:rx docs
printf 'xattr' > docs/with-attribute; setfattr -n user.owner -v dupont docs/with-attribute
printf 'owned' > docs/owned; chown 4242:4343 docs/owned; chmod 2640 docs/owned
mkfifo docs/pipe
touch -d 2001-02-03T04:05:06.789 docs/with-acl
`

/** What the lab put there itself stays: making it again takes longer than any test. */
const onlyDocuments =
  'find /srv/files -mindepth 1 -maxdepth 1 ! -name communs ! -name formations -exec rm -rf {} +'

/** An empty target and the lab's documents with every kind of entry at the source; nothing known of earlier runs. */
export async function startAnew(sites: TwoSites): Promise<void> {
  await Promise.all([
    sites.at(source, `rm -rf /var/lib/bascule/*; ${onlyDocuments}; ${everyKindOfEntry}`),
    sites.at(target, 'rm -rf /var/lib/bascule/*; find /srv/files -mindepth 1 -delete'),
  ])
  sites.results = {}
  await sites.audit()
}

/** All that a tree is, contents included, as one comparable text. Independent of the product's own comparison. */
export async function portrait(sites: TwoSites, host: string): Promise<string> {
  const script = `
    cd /srv/files
    find . -mindepth 1 -printf '%P %y %m %U %G %n %T@ %l\\0' | sort -z | tr '\\0' '\\n' | cat -v
    find . -type f -print0 | sort -z | xargs -0 sha256sum | cat -v
    getfacl -R -n -s . | cat -v
    getfattr -R -h -d -m '^user' . | cat -v`
  return await sites.at(host, script)
}
