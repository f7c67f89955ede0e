import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const inMemory = [
  'src/domain/**/*.test.ts',
  'src/engine/**/*.test.ts',
  'src/http/**/*.test.ts',
  'src/http/**/*.test.tsx',
]
const withStores = ['src/http/routes/bridge*.test.ts']

/**
 * What waits longest, for processes, browsers and bridges, begins first; what waits for nothing comes last, in small files
 * that fill both cores to the end.
 */
class WaitingFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ project, moduleId }: TestSpecification): number =>
      project.name === 'memory' ? 2 : Number(!/\/testing\/|crash/.test(moduleId))
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b))
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: WaitingFirst },
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
          // A process is warm after its first file, and every file closes what it opened.
          isolate: false,
        },
      },
    ],
  },
})
