import { createRecordReading, type NewOf, type RecordReading } from '../entity/record-service.js'
import type { SessionContext } from '../entity/session-context.js'
import { saveHostRecord } from './host-record.js'
import { type Member, memberEntity } from './member-entity.js'

/** What the host tells of one of its users: its id there, and what to set. */
export type SavedMember = Pick<NewOf<typeof memberEntity>, 'active' | 'teamIds' | 'custom'> & {
  /** The host's, 1 to 64 characters: the `id` of the actor. */
  readonly id: string
  /** Needed the first time. */
  readonly name?: string
}

/** Users of the host. What they may do is told by the host's `roles` alone; this is who can be given records. */
export interface MemberService extends RecordReading<Member> {
  /** Creates the member, or changes what differs; twice changes nothing. Every team must be known. */
  save(member: SavedMember): Promise<Member>
}

/** Members of a session. */
export function createMemberService(context: SessionContext): MemberService {
  return {
    ...createRecordReading(context, memberEntity),
    save: (member) =>
      saveHostRecord(context, memberEntity, member, ({ teamIds }) =>
        ((teamIds ?? []) as readonly string[]).map((id, index) => ({
          kind: 'require',
          entity: 'team',
          id,
          is: 'present',
          namedBy: `teamIds.${index}`,
        })),
      ),
  }
}
