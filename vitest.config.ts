import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', './test/plain-summary.ts'],
    globalSetup: ['test/build-once.ts'],
    // Most of the time is spent waiting for processes and clocks: one worker more than cores keeps them busy.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 90_000,
    teardownTimeout: 20_000,
    coverage: {
      provider: 'v8',
      include: ['shared/lane/**'],
      reporter: ['text-summary', 'text'],
      thresholds: { branches: 100 },
    },
  },
});
