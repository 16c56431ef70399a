export { type TemplateStorageOptions, templateStorage } from './template-storage.js'
