import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'tests',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
          // Odd requests prove nothing for the page of the coverage.
          exclude: ['test/last/**', ...(process.env['WRITE_COVERAGE'] === '1' ? ['**/fuzz.test.ts'] : [])],
          sequence: { groupOrder: 0 },
        },
      },
      // What looks at what all the others have done.
      {
        extends: true,
        test: { name: 'last', include: ['test/last/*.test.ts'], sequence: { groupOrder: 1 } },
      },
    ],
    // The tests that start kosmo itself, or its Lua worker, run what is in dist/.
    globalSetup: ['test/build.setup.ts', 'test/seen.setup.ts'],
    // Processes, not threads: a native library (SQLite) and tests that send signals want one of their own.
    pool: 'forks',
    // Much of the time goes by in processes that are waited for.
    maxWorkers: '100%',
    // Generous: a test that waits for a process must not fail because the machine is busy.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    restoreMocks: true,
    unstubEnvs: true,
  },
});
