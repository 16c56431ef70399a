import { isCrmError } from '../../kernel/crm-error.js'

const attempts = 3

/**
 * Repeats a find-or-create by external ref when somebody else created the same ref in between; the second round finds it.
 */
export async function retryOnTakenRef<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      const taken = isCrmError(error, 'conflict') && error.details.entity === 'externalRef'
      if (!taken || attempt === attempts) throw error
    }
  }
}
