import { administer } from '../database/configuration.ts'
import { execIn } from '../enter.ts'
import type { Lab } from '../types.ts'

const host = 'toulouse-database'
const slot = 'bascule_reverse'

/** The old source asks for the slot again at once: ended and dropped in one go, until it is not in between. */
export const dropUsedSlot = (slot: string): string => `DO $$ BEGIN
  FOR time IN 1..500 LOOP
    PERFORM pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '${slot}';
    BEGIN
      PERFORM pg_drop_replication_slot('${slot}');
      RETURN;
    EXCEPTION WHEN object_in_use THEN PERFORM pg_sleep(0.02);
    END;
  END LOOP;
  RAISE 'the slot ${slot} is in use all the time';
END $$;
`

/** Each makes a file of the log, and a checkpoint gives up those that nobody holds. */
const moreLog = "SELECT pg_logical_emit_message(false, 'fault', 'more'); SELECT pg_switch_wal();\n".repeat(12)

/**
 * The slot of the return path is dropped at Toulouse's database, and the log that the old source needs is gone: only a new copy
 * of the database brings it back.
 */
export async function returnSlotLost(lab: Lab): Promise<void> {
  const type = (input: string) => execIn(lab, host, administer('postgres'), { input, timeoutSeconds: 120 })
  await type('ALTER SYSTEM SET wal_keep_size = 0;\nSELECT pg_reload_conf();\n')
  try {
    await type(dropUsedSlot(slot))
    for (let time = 0; time < 2; time += 1) await type(`${moreLog}CHECKPOINT;\n`)
  } finally {
    await type('ALTER SYSTEM RESET wal_keep_size;\nSELECT pg_reload_conf();\n')
  }
}
