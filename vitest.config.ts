import { fileURLToPath } from 'node:url'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { chromiumLaunchOptions } from './scripts/chromium.mjs'
import tsconfig from './tsconfig.json' with { type: 'json' }

/** The same source map the type checker uses, so tests run against sources, never against a stale build. */
const alias = Object.entries(tsconfig.compilerOptions.paths).map(([name, [target]]) => ({
  find: new RegExp(`^${name.replace('*', '(.+)')}$`),
  replacement: fileURLToPath(new URL(target!.replace('*', '$1'), import.meta.url)),
}))

/** Files of one tier, wherever tests may live. */
const files = (suffix: string): string[] => [
  `packages/*/{src,test}/**/*.${suffix}`,
  `examples/**/*.${suffix}`,
  `benchmarks/**/*.${suffix}`,
  `scripts/**/*.${suffix}`,
]
const never = ['**/node_modules/**', '**/dist/**']
const otherTiers = ['**/*.int.test.ts', '**/*.browser.test.*', '**/*.soak.test.ts']

/** What the browser tests and the code under test import from npm. */
const browserDependencies = [
  ...['preact', 'preact/hooks', 'preact/jsx-runtime', 'preact/jsx-dev-runtime', 'ky', 'axe-core'],
  ...['zod/mini', 'eventemitter3', '@noble/hashes/sha2.js', '@noble/hashes/utils.js', 'fast-check'],
]

export default defineConfig({
  resolve: { alias },
  test: {
    // All cores: the default leaves one to the editor, which on a small machine doubles the time.
    maxWorkers: '100%',
    // A wait ends as soon as it may; on a machine that has others to serve, a second is no bound to judge code by.
    expect: { poll: { timeout: 15_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: files('test.ts'),
          exclude: [...never, ...otherTiers],
          testTimeout: 60_000,
          // Files share what they import, which halves the time: loading core for each took as long as the tests.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'postgres',
          include: files('int.test.ts'),
          exclude: never,
          globalSetup: ['scripts/postgres-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        // Bundled before the first test: a dependency found in the middle of a run reloads the page under its test.
        optimizeDeps: { include: browserDependencies },
        test: {
          name: 'browser',
          include: files('browser.test.{ts,tsx}'),
          exclude: never,
          globalSetup: ['scripts/browser-setup.ts'],
          testTimeout: 60_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: chromiumLaunchOptions() }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      {
        extends: true,
        test: {
          name: 'soak',
          include: files('soak.test.ts'),
          exclude: never,
          globalSetup: ['scripts/postgres-setup.ts'],
          testTimeout: 0,
          hookTimeout: 0,
        },
      },
    ],
  },
})
