/** What may be asked of one parameter: the part of PVE's schema dialect that these methods need. */
export type Property = {
  type: 'string' | 'integer' | 'number' | 'boolean' | 'array'
  optional?: 1
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  enum?: readonly string[]
  pattern?: string
  format?: string
  /** Another parameter that must be there too. */
  requires?: string
}

/** By name; `net[n]` stands for net0, net1, … */
export type Properties = Record<string, Property>

export const string: Property = { type: 'string' }
export const integer: Property = { type: 'integer' }
export const boolean: Property = { type: 'boolean' }
export const optional = (property: Property): Property => ({ ...property, optional: 1 })

export const node: Property = { type: 'string', format: 'pve-node' }
export const vmid: Property = { type: 'integer', format: 'pve-vmid', minimum: 100, maximum: 999_999_999 }
export const storage: Property = { type: 'string', format: 'pve-storage-id' }
export const snapname: Property = { type: 'string', format: 'pve-configid', maxLength: 40 }
export const count: Property = { type: 'integer', minimum: 0, optional: 1 }
export const skiplock = optional(boolean)

/** What every method of one machine takes from its path. */
export const machine: Properties = { node, vmid }

/** The declared property of a name, families included. */
export function propertyOf(properties: Properties, name: string): Property | undefined {
  if (Object.hasOwn(properties, name)) return properties[name]
  const family = /^([a-z]+)\d+$/.exec(name)?.[1]
  return family === undefined ? undefined : properties[`${family}[n]`]
}
