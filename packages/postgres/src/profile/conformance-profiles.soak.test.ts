import { describeProfiles } from './profile-kit.fixture.js'

describeProfiles(['postgres', 'pglite', 'citus', 'cockroach', 'yugabyte'], 'full')
