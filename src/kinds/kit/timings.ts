/** Bounds an order that is done in seconds, on a host that is busy at that moment. */
export const shortDeadlineSeconds = 60
/** What fails of such an order is mostly its connection: it is given soon again. */
export const thrice = { attempts: 3, backoffSeconds: 2 }
/** What restarts or catches up needs a moment before it is tried again. */
export const twice = { attempts: 2, backoffSeconds: 5 }
/** A step that is done in seconds. */
export const shortStep = { deadlineSeconds: shortDeadlineSeconds, ...thrice }
