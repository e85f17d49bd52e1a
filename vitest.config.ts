import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', './test/plain-summary.ts'],
    globalSetup: ['test/build-once.ts'],
    // No more than there are cores: what is proved here are races, and they want a machine that keeps its time.
    maxWorkers: 2,
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
