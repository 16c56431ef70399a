import { createRecordReading, type NewOf, type RecordReading } from '../entity/record-service.js'
import type { SessionContext } from '../entity/session-context.js'
import { saveHostRecord } from './host-record.js'
import { type Team, teamEntity } from './team-entity.js'

/** What the host tells of a team: its id there, as it stands in `teamIds`, and what to set. */
export type SavedTeam = Pick<NewOf<typeof teamEntity>, 'custom'> & {
  /** 1 to 64 characters. */
  readonly id: string
  /** Needed the first time. */
  readonly name?: string
}

/** Teams of the host. */
export interface TeamService extends RecordReading<Team> {
  /** Creates the team, or changes what differs; twice changes nothing. */
  save(team: SavedTeam): Promise<Team>
}

/** Teams of a session. */
export function createTeamService(context: SessionContext): TeamService {
  return {
    ...createRecordReading(context, teamEntity),
    save: (team) => saveHostRecord(context, teamEntity, team),
  }
}
