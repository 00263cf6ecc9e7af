/** Without what a kind leaves out. */
export const given = <Parts extends object>(parts: Parts) =>
  Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Parts]?: Exclude<Parts[Name], undefined>
  }

/** The same names with other values. */
export const mapped = <From extends object, To>(
  record: From,
  convert: (value: NonNullable<From[keyof From]>) => To,
): { [Name in keyof From]: To } =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, convert(value)])) as {
    [Name in keyof From]: To
  }
