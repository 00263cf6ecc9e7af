/** What goes wrong on purpose, in the lab only. Each has its inverse, or is gone with the lab. */
export { diskFreed, diskFull } from './disk.ts'
export { fileCorrupt, fileStaysCorrupt } from './files.ts'
export { firewallOneTooMany, firewallRestored, firewallRuleLeftOut } from './firewall.ts'
export { mainLineDown, mainLineUp } from './line.ts'
export { linkDown, linkLosesPackets, linkRate, linkUp, linkWhole } from './link.ts'
export { machineStarts, machineWontStart } from './machine.ts'
export {
  recordChangedByHand,
  recordPutBack,
  rightTsigKey,
  secondaryLostZone,
  secondaryRefusesZone,
  secondaryTakesZone,
  wrongTsigKey,
} from './names.ts'
export { promotionHangs, promotionWorks } from './promotion.ts'
export { returnSlotLost } from './return-slot.ts'
export { type RowChoice, rowsDiffer } from './rows.ts'
export { serviceStarts, serviceWontStart } from './service.ts'
export { hostsAnswer, hostsSilent } from './silent.ts'
export { peerLeftOut, tunnelRepaired, tunnelWrongKey } from './vpn.ts'
