import { copyPackage } from '../../shared/use-cases/copy-package.ts';
import { decodeOrder } from '../../shared/wire/orders.ts';
import { queueHandler } from './queue-handler.ts';

export const packageOrder = queueHandler('packages', decodeOrder, (ports, { order, attempt }) =>
  copyPackage(ports, order, attempt),
);
