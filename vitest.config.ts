import { defineConfig } from 'vitest/config'

const inMemory = [
  'src/domain/**/*.test.ts',
  'src/engine/**/*.test.ts',
  'src/http/**/*.test.ts',
  'src/http/**/*.test.tsx',
]
const withStores = ['src/http/routes/bridge*.test.ts']

export default defineConfig({
  test: {
    setupFiles: ['src/testing/chance.ts'],
    pool: 'forks',
    // Two cores, and many a test waits for real time to pass.
    maxWorkers: 3,
    testTimeout: 45_000,
    // Real processes, sockets and a browser on a busy machine: what fails is tried once more, and the report says so.
    retry: 1,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'memory',
          include: [...inMemory, 'views/**/*.test.ts', 'views/**/*.test.tsx'],
          exclude: withStores,
          // What touches nothing outside leaves nothing behind: its files share a process, which saves starting two hundred.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'world',
          include: ['src/**/*.test.ts', 'src/**/*.test.tsx'],
          exclude: ['src/domain/**', 'src/engine/**', 'src/http/*.test.*', 'src/http/routes/!(bridge)*.test.*'],
          globalSetup: ['src/testing/global-setup.ts'],
        },
      },
    ],
  },
})
