import { describeProfiles } from './profile-kit.fixture.js'

describeProfiles(['cockroach'], 'basic')
