import fc from 'fast-check'

/** The same commit runs the same cases every day. `FAST_CHECK_SEED=7 npm test` tries others. */
fc.configureGlobal({ seed: Number(process.env.FAST_CHECK_SEED ?? 20_261_212) })

export default fc
