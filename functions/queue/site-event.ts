import { tellOfSites } from '../../shared/use-cases/tell-of-sites.ts';
import { hintIdOf } from '../../shared/wire/ids.ts';
import { decodeSiteEvents } from '../../shared/wire/site-events/slot-swaps.ts';
import { queueHandler } from './queue-handler.ts';

export const siteEvent = queueHandler('site-events', decodeSiteEvents, (ports, heard) =>
  tellOfSites(ports, heard, hintIdOf),
);
