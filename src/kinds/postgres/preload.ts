export const preloadSettings = [
  'shared_preload_libraries',
  'session_preload_libraries',
  'local_preload_libraries',
] as const

/** The libraries of such a setting, as their files are named below the directory of libraries; others by an absolute path are left out. */
export const preloadNames = (value: string): string[] =>
  value
    .split(',')
    .map(name =>
      name
        .trim()
        .replaceAll(/^["']|["']$/g, '')
        .replace(/^\$libdir\//, ''),
    )
    .filter(name => name !== '' && !name.startsWith('/'))
