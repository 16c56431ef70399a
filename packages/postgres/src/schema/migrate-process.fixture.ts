import pg from 'pg'
import type { PostgresConnection } from '../driver.js'
import { pgDriver } from '../pg-driver.js'
import { storageOnDriver } from '../storage-on-driver.js'
import { laterCustomer, promote } from './grown-schema.fixture.js'

/**
 * A process that migrates, and kills itself at a statement: `node migrate-process.js <url> <schema> [<number> before|during]`. It says
 * how many statements it sent.
 */
const [connectionString, schema, killAt = '0', moment = 'before'] = process.argv.slice(2)
const pool = new pg.Pool({ connectionString: connectionString! })
const driver = pgDriver(pool)
let count = -1

function counted(connection: PostgresConnection): PostgresConnection {
  return {
    async query(statement) {
      if (count >= 0 && ++count === Number(killAt)) {
        if (moment === 'before') process.kill(process.pid, 'SIGKILL')
        else setTimeout(() => process.kill(process.pid, 'SIGKILL'), 3)
      }
      return connection.query(statement)
    },
  }
}

const storage = storageOnDriver(
  {
    ...counted(driver),
    transaction: (work) => driver.transaction((on) => work(counted(on))),
    close: () => driver.close(),
  },
  { schema: schema!, promote },
)
await storage.open()
const plan = await storage.plan([laterCustomer])
count = 0
await storage.apply(plan)
console.log(count)
await storage.close()
await pool.end()
