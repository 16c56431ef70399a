import { type PgPool, postgresStorage } from '@rapport/postgres'
import { Client, Pool, type PoolClient } from 'pg'
import type { HostTransaction } from '../index.js'
import type { Cut, Rig } from './cuttable-storage.js'

type CutClient = Awaited<ReturnType<PgPool['connect']>>
type Query = Parameters<CutClient['query']>[0]

const isWrite = ({ text }: Query): boolean => /\b(?:insert into|update|delete from)\b/i.test(text)

const lost = (): Error => Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })

/** A storage on a PostgreSQL server behind a pool that counts statements and can be cut: what an author hands to the kit. */
export function countedPostgres(
  connectionString: string,
  schema: string,
): Required<Omit<Rig, 'reopen'>> & { close(): Promise<void> } {
  const pool = new Pool({ connectionString })
  let statements = 0
  let armed: Cut | undefined
  const arm = (cut: Cut) => (): void => {
    armed = cut
  }
  const disarm = (): Cut | undefined => {
    const cut = armed
    armed = undefined
    return cut
  }

  /** Statements of one connection: a cut meets a commit, and a write that is a transaction of its own. */
  const cuttable = (client: PoolClient): CutClient => {
    let isInTransaction = false
    let isBroken = false
    const breakWith = async (...texts: (Query | string)[]): Promise<never> => {
      isBroken = true
      for (const text of texts) await client.query(text as string)
      throw lost()
    }
    return {
      async query(query) {
        statements++
        if (isBroken) throw lost()
        if (query.text.startsWith('begin')) isInTransaction = true
        const isCommit = query.text === 'commit'
        if (armed === 'cutBefore' && isWrite(query)) {
          disarm()
          return breakWith(...(isInTransaction ? ['rollback'] : []))
        }
        if (armed === undefined || !(isCommit || (isWrite(query) && !isInTransaction))) return client.query(query)
        if (disarm() === 'cutAfter') return breakWith(query)
        return breakWith(...(isCommit ? ['rollback'] : ['begin', query, 'rollback']))
      },
      release: () => client.release(isBroken),
    }
  }

  const counting: PgPool = {
    connect: async () => cuttable(await pool.connect()),
    end: () => pool.end(),
  }

  const hostTransaction = async (): Promise<HostTransaction> => {
    const client = new Client({ connectionString })
    await client.connect()
    await client.query('begin')
    const end = (how: 'commit' | 'rollback') => async (): Promise<void> => {
      await client.query(how)
      await client.end()
    }
    return { transaction: client, commit: end('commit'), rollback: end('rollback') }
  }

  return {
    create: () => postgresStorage({ pool: counting, schema }),
    counter: () => statements,
    faults: { cutBefore: arm('cutBefore'), cutDuring: arm('cutDuring'), cutAfter: arm('cutAfter') },
    hostTransaction,
    close: () => pool.end(),
  }
}
