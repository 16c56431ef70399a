import pg from 'pg'
import { startPostgresServer } from '../../../../scripts/postgres-server.js'
import { type KillReport, runKillRounds } from './kill-rounds.fixture.js'

/** Rounds on a server of their own that waits for its disk, whose connections are ended at random moments besides. */
export async function killRoundsOnServer(rounds: number, seed: number): Promise<KillReport> {
  const server = await startPostgresServer()
  const observer = new pg.Client({ connectionString: server.connectionString })
  try {
    await observer.connect()
    const ofTheLoad = `from pg_stat_activity where application_name = 'rapport'`
    return await runKillRounds({
      rounds,
      seed,
      workers: 4,
      storage: { connectionString: server.connectionString },
      async terminate() {
        await observer.query(`select pg_terminate_backend(pid) ${ofTheLoad}`)
      },
      async settled() {
        // The server may still be carrying out what the process had sent.
        while (Number((await observer.query(`select count(*) ${ofTheLoad}`)).rows[0].count) > 0) {
          await new Promise((resolve) => setTimeout(resolve, 10))
        }
      },
    })
  } finally {
    await observer.end()
    await server.stop()
  }
}

/** Rounds on a directory of PGlite. */
export function killRoundsOnPGlite(rounds: number, seed: number, dataDir: string): Promise<KillReport> {
  return runKillRounds({ rounds, seed, workers: 2, storage: { dataDir } })
}
