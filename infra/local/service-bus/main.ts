import { runPart } from '../part.ts';
import { startServiceBus } from './service-bus.ts';

await runPart('service-bus', (config: Parameters<typeof startServiceBus>[0]) => startServiceBus(config));
