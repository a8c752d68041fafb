import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    // The tests that start kosmo itself, or its Lua worker, run what is in dist/.
    globalSetup: ['test/build.setup.ts'],
    // Processes, not threads: a native library (SQLite) and tests that send signals want one of their own.
    pool: 'forks',
    // Generous: a test that waits for a process must not fail because the machine is busy.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    restoreMocks: true,
    unstubEnvs: true,
  },
});
