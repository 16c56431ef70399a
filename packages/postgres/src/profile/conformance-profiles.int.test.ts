import { describeProfiles } from './profile-kit.fixture.js'

describeProfiles(['citus', 'cockroach', 'yugabyte'], 'basic')
