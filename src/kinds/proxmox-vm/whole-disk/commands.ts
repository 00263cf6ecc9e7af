/**
 * One line for each image: its path, size in bytes, and when it was last written to the nanosecond. As long as it is the same,
 * nothing was written to any of them.
 */
export const stampOf = (paths: readonly string[]): string[] => [
  ...['stat', '-L', '--format=%n %s %.9Y', '--', ...paths],
]

/**
 * What a guest would read from the disk, as a file; holes stay holes. For hashing: images of the same content are different
 * files, since each lays it out as it was written.
 */
export const flatten = (image: { path: string; format: string }, into: string): string[] => [
  ...['qemu-img', 'convert', '-f', image.format, '-O', 'raw', '-S', '64k', image.path, into],
]
