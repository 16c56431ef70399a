/** Answers one request. */
export type Answer = (request: Request) => Response | Promise<Response>
