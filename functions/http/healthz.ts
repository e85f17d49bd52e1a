import { app } from '@azure/functions';

/** Open, and says only ok or not. */
app.http('healthz', {
  methods: ['GET'],
  authLevel: 'anonymous',
  route: 'healthz',
  handler: async () => {
    try {
      const { runtime } = await import('../runtime.ts');
      const { appsReadable } = await runtime.health();
      return { status: appsReadable ? 200 : 503, body: appsReadable ? 'ok\n' : 'not ok\n' };
    } catch {
      return { status: 503, body: 'not ok\n' };
    }
  },
});
