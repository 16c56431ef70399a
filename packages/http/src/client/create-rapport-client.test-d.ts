import type { Crm, CrmSession, Page, Ticket } from '@rapport/core'
import { expectTypeOf, test } from 'vitest'
import type { HttpCrm } from '../crm-port.js'
import type { RapportClient } from './create-rapport-client.js'

type Input<Method extends (...args: never[]) => unknown> = Parameters<Method>[0]
type Output<Method extends (...args: never[]) => unknown> = Awaited<ReturnType<Method>>

test('what createCrm returns is what the handler asks for', () => {
  expectTypeOf<Crm>().toExtend<HttpCrm>()
})

test('the client takes what a session takes', () => {
  type Session = CrmSession
  expectTypeOf<Input<RapportClient['contacts']['create']>>().toEqualTypeOf<Input<Session['contacts']['create']>>()
  expectTypeOf<Input<RapportClient['orders']['record']>>().toEqualTypeOf<Input<Session['orders']['record']>>()
  expectTypeOf<Input<RapportClient['tickets']['open']>>().toEqualTypeOf<Input<Session['tickets']['open']>>()
  expectTypeOf<Input<RapportClient['activities']['log']>>().toEqualTypeOf<Input<Session['activities']['log']>>()
  expectTypeOf<Input<RapportClient['associations']['link']>>().toEqualTypeOf<Input<Session['associations']['link']>>()
  expectTypeOf<Input<RapportClient['consents']['grant']>>().toEqualTypeOf<Input<Session['consents']['grant']>>()
  expectTypeOf<Input<RapportClient['duplicates']['scan']>>().toEqualTypeOf<Input<Session['duplicates']['scan']>>()
  expectTypeOf<Input<RapportClient['consents']['prove']>>().toEqualTypeOf<Input<Session['consents']['prove']>>()
  expectTypeOf<Input<RapportClient['suppressions']['add']>>().toEqualTypeOf<Input<Session['suppressions']['add']>>()
  expectTypeOf<Input<RapportClient['contacts']['merge']>>().toEqualTypeOf<Input<Session['contacts']['merge']>>()
  expectTypeOf<Input<RapportClient['imports']['start']>>().toExtend<Input<Session['imports']['start']>>()
  expectTypeOf<Input<RapportClient['scores']['of']>>().toExtend<Input<Session['scores']['of']>>()
  expectTypeOf<Parameters<RapportClient['tickets']['reply']>[1]>().toEqualTypeOf<
    Parameters<Session['tickets']['reply']>[1]
  >()
})

test('the client gives what a session gives', () => {
  type Session = CrmSession
  expectTypeOf<Output<RapportClient['contacts']['view360']>>().toEqualTypeOf<Output<Session['contacts']['view360']>>()
  expectTypeOf<Output<RapportClient['contacts']['get']>>().toEqualTypeOf<Output<Session['contacts']['get']>>()
  expectTypeOf<Output<RapportClient['tickets']['find']>>().toEqualTypeOf<Page<Ticket>>()
  expectTypeOf<Output<RapportClient['contacts']['merge']>>().toEqualTypeOf<Output<Session['contacts']['merge']>>()
  expectTypeOf<Output<RapportClient['contacts']['unmerge']>>().toEqualTypeOf<Output<Session['contacts']['unmerge']>>()
  expectTypeOf<Output<RapportClient['imports']['suggest']>>().toEqualTypeOf<Output<Session['imports']['suggest']>>()
  expectTypeOf<Output<RapportClient['consents']['prove']>>().toEqualTypeOf<Output<Session['consents']['prove']>>()
  expectTypeOf<Output<RapportClient['privacy']['map']>>().toEqualTypeOf<Output<Session['privacy']['map']>>()
  expectTypeOf<Output<RapportClient['scores']['refresh']>>().toEqualTypeOf<Output<Session['scores']['refresh']>>()
})
