import { receive } from '../../shared/use-cases/receive.ts';
import { decodeInput } from '../../shared/wire/inputs.ts';
import { queueHandler } from './queue-handler.ts';

export const laneInput = queueHandler('lanes', decodeInput, (ports, { input, attempt }) =>
  receive(ports, input, attempt),
);
