/** Where a member of staff is: kept in the part of the address that never leaves the browser, with ids and no personal data. */
export interface AdminPlace {
  readonly view: 'customers' | 'tickets' | 'scores' | 'models'
  /** Id of the customer or ticket that is open. */
  readonly id?: string
}

/** The place that an address names: `#customer=<id>`, `#ticket=<id>`, `#tickets`, `#scores`, `#models`; customers for anything else. */
export function placeOf(hash: string): AdminPlace {
  const [name = '', id] = hash.replace(/^#/, '').split('=')
  if (name === 'models' || name === 'scores') return { view: name }
  if (name === 'tickets' || name === 'ticket') return placeWith('tickets', id)
  return placeWith('customers', name === 'customer' ? id : undefined)
}

/** The address of a place. */
export function hashOf({ view, id }: AdminPlace): string {
  return id === undefined ? `#${view}` : `#${view.replace(/s$/, '')}=${id}`
}

function placeWith(view: AdminPlace['view'], id: string | undefined): AdminPlace {
  return id !== undefined && /^[\w-]+$/.test(id) ? { view, id } : { view }
}
