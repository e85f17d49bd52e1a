import { app } from '@azure/functions';
import { lazily } from '../lazily.ts';

app.timer('sweep', {
  schedule: '0 * * * * *',
  handler: lazily(async () => (await import('./sweep.ts')).sweepLanes),
});
app.timer('fold', {
  schedule: '30 * * * * *',
  handler: lazily(async () => (await import('./fold.ts')).foldErrors),
});
app.timer('digest', {
  schedule: '0 0 7 * * *',
  handler: lazily(async () => (await import('./digest.ts')).digestDay),
});
app.timer('forget', {
  schedule: '0 23 3 * * *',
  handler: lazily(async () => (await import('./sweep.ts')).forgetSeen),
});
