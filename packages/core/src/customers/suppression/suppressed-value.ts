import type { EntityChange } from '../../entity/entity-change.js'
import type { SessionContext } from '../../entity/session-context.js'
import type { TenantKey } from '../../entity/tenant-key.js'
import { type Email, normaliseEmail, normalisePhone, type Phone } from '../contact-point/contact-point.js'
import type { ExternalRef } from '../external-ref/external-ref.js'

/** A value that is or can be suppressed. Addresses and numbers in any spelling. */
export type SuppressedValue =
  | { readonly email: string }
  | { readonly phone: string }
  | { readonly externalRef: ExternalRef }

/** The kind of a value and its match key. */
export function matchKeyOf(value: SuppressedValue): readonly ['email' | 'phone' | 'externalRef', ...string[]] {
  if ('email' in value) return ['email', normaliseEmail(value.email)]
  if ('phone' in value) return ['phone', normalisePhone(value.phone)]
  return ['externalRef', value.externalRef.system, value.externalRef.externalId]
}

/** The id of a value in the index of suppressions. */
export function suppressionHashOf(key: TenantKey, value: SuppressedValue): string {
  return key.hash('suppression', ...matchKeyOf(value))
}

/** The values by which a contact would come back. */
export function valuesOf(contact: {
  readonly emails?: readonly Pick<Email, 'address'>[]
  readonly phones?: readonly Pick<Phone, 'number'>[]
  readonly externalRefs?: readonly ExternalRef[]
}): SuppressedValue[] {
  return [
    ...(contact.emails ?? []).map(({ address }) => ({ email: address })),
    ...(contact.phones ?? []).map(({ number }) => ({ phone: number })),
    ...(contact.externalRefs ?? []).map((externalRef) => ({ externalRef })),
  ]
}

/**
 * Makes the batch fail with `rule_violated` (reason `suppressed`) where a value is suppressed: a check within the batch, so no read is
 * spent on it and no erasure can come in between.
 */
export async function planUnsuppressed(
  context: SessionContext,
  values: readonly SuppressedValue[],
): Promise<EntityChange[]> {
  if (values.length === 0) return []
  // A tenant has its key from the first contact on. Were it made with the first suppression, a batch could be planned without it.
  const key = await context.tenantKeys.require(context)
  return values.map((value) => ({
    kind: 'require',
    entity: 'suppressionHash',
    id: suppressionHashOf(key, value),
    is: 'absent',
    namedBy: 'email' in value ? 'emails' : 'phone' in value ? 'phones' : 'externalRefs',
  }))
}
