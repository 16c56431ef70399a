export { type BearerOptions, bearerAuthentication } from './bearer-authentication.js'
export { mintToken, type TokenRequest } from './mint-token.js'
export type { TokenKey } from './token-key.js'
