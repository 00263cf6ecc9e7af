import type { ImageFormat } from './types-of-storage.ts'

export const createImage = (path: string, format: ImageFormat, sizeBytes: number): string[] => [
  ...['qemu-img', 'create', '-q', '-f', format],
  // PVE writes qcow2 with its metadata allocated ahead; the laboratory keeps images small.
  path,
  String(sizeBytes),
]

/** -U: a running machine holds the image's lock. */
export const infoOfImage = (path: string, format: ImageFormat): string[] => [
  ...['qemu-img', 'info', '--output=json', '-U', '-f', format, path],
]

/** Copies what is not zero. */
export const convertImage = (
  from: { path: string; format: string },
  to: { path: string; format: ImageFormat },
): string[] => ['qemu-img', 'convert', '-f', from.format, '-O', to.format, from.path, to.path]

/** Into a volume that stands at the other end of a socket and is empty. `bytesPerSecond` 0 is no limit. */
export const sendImage = (
  from: { path: string; format: string },
  nbdUri: string,
  bytesPerSecond: number,
): string[] => [
  ...['qemu-img', 'convert', '-p', '-n', '--target-is-zero'],
  ...(bytesPerSecond > 0 ? ['-r', String(bytesPerSecond)] : []),
  ...['-f', from.format, '-O', 'raw', from.path, nbdUri],
]

/** Ends by itself when the one connection ends. */
export const serveImage = (
  path: string,
  format: ImageFormat,
  exportName: string,
  socket: string,
): string[] => [
  ...['qemu-nbd', '--format', format, '--export-name', exportName, '--socket', socket, '--discard=unmap'],
  ...['--detect-zeroes=unmap', path],
]

export const addSnapshot = (path: string, name: string): string[] => [
  'qemu-img',
  'snapshot',
  '-c',
  name,
  path,
]
export const removeSnapshot = (path: string, name: string): string[] => [
  ...['qemu-img', 'snapshot', '-d', name, path],
]
