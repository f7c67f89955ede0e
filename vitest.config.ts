import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'views/**/*.test.ts', 'views/**/*.test.tsx'],
    globalSetup: ['src/testing/global-setup.ts'],
    setupFiles: ['src/testing/chance.ts'],
    pool: 'forks',
    // Two cores, and many a test waits for real time to pass.
    maxWorkers: 3,
    testTimeout: 45_000,
    // Real processes, sockets and a browser on a busy machine: what fails is tried once more, and the report says so.
    retry: 1,
    hookTimeout: 60_000,
  },
})
