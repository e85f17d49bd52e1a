import { execFileSync } from 'node:child_process';

/** The tests that start processes run the built app and the built local Azure: build both once before the first test. */
export default function buildOnce(): void {
  execFileSync(process.execPath, ['infra/package/build.mjs'], { stdio: 'inherit' });
}
