import { app } from '@azure/functions';

// Chunked request bodies arrive empty unless HTTP is streamed (facts of the runtime): a webhook must never look like "nothing".
app.setup({ enableHttpStream: true });

import './http/builds.ts';
import './http/commands.ts';
import './http/dead-letters.ts';
import './http/error-groups.ts';
import './http/errors.ts';
import './http/healthz.ts';
import './http/inputs.ts';
import './http/lanes.ts';
import './http/markers.ts';
import './queue/build-completed.ts';
import './queue/dead-letter-drain.ts';
import './queue/error-report.ts';
import './queue/lane-input.ts';
import './queue/notice.ts';
import './queue/package-order.ts';
import './timer/timers.ts';
