import { officeGateway } from '../topology.ts'

/** The office's cable as it ends in the gateway: the last byte of the PC's address. */
export const officeCable = 'h70'

/**
 * The trainers' rooms: a VLAN of their own, here a bridge of its own, for the kernels this runs on cannot all filter VLANs on
 * a bridge. At Toulouse the cable is there and nothing else: the bridge is for the migration to make.
 */
export const officeBridge = (index: number, site: 'montpellier' | 'toulouse'): string[] =>
  site === 'toulouse'
    ? []
    : [
        'link add office type bridge',
        `link set ${officeCable} master office`,
        `link set ${officeCable} up`,
        `address add ${officeGateway(index, site)}/24 dev office`,
        'link set office up',
      ]
