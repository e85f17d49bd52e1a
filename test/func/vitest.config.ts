import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The scenarios that run.mjs runs on `func`; they are no part of `npm test`. */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['test/func/*.scenario.ts'],
    testTimeout: 300_000,
    // The first start downloads the extension bundle.
    hookTimeout: 300_000,
  },
});
