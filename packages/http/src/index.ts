export {
  createHttpHandler,
  type FailureReport,
  type HttpHandler,
  type HttpHandlerOptions,
} from './create-http-handler.js'
export type { HttpCrm, HttpSession } from './crm-port.js'
export type { IdempotencyOptions } from './idempotency.js'
export type { HttpRefusalCode, Problem, ProblemCode } from './problem.js'
export type { Caller } from './route.js'
export { defaultThrottleRules, type ThrottleClass, type ThrottleOptions, type ThrottleRule } from './throttle.js'
