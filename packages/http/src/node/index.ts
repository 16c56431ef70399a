export { type FetchHandler, type NodeListenerOptions, toNodeListener } from './to-node-listener.js'
