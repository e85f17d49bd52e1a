import { app } from '@azure/functions';

/** The smallest Functions app there is: what any app pays for the library alone. */
app.http('empty', { methods: ['GET'], authLevel: 'anonymous', handler: async () => ({ body: 'empty' }) });
