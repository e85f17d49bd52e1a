import { appOf, environmentOf } from '../lane/words.ts';
import { activeFor, over, type Perform } from './work.ts';

/** The copy is ordered from the sessionless queue `packages`; its result comes back as an input. */
export const copyPackage: Perform<'copy-package'> = async ({ ports, stored }, { deployment, build, attempt }) => {
  const row = await ports.lanes.build(stored.lane.id, build);
  if (row === null) return { end: 'refused', because: `the build ${build} is not known` };
  const { url, sha256, size } = row.build.artifact;
  await ports.packageOrders.order(
    { lane: stored.lane.id, deployment, attempt, url, sha256, size },
    { purpose: `~${attempt}` },
  );
  return { end: 'done', value: null };
};

export const recordMarker: Perform<'record-marker'> = async ({ ports }, { marker }) => {
  await ports.markers.put(marker);
  return { end: 'done', value: null };
};

/** The subject alone says what changed: whoever is told reads it as it stands then. */
export const announce: Perform<'announce'> = async ({ ports, stored }, { deployment }, { seq, tries }) => {
  const { id } = stored.lane;
  await ports.events.publish({
    // A try whose answer was lost may have been taken: with its id the next one, which shows more, would be dropped as a duplicate.
    id: `${id}~${seq}~${tries}`,
    type: deployment === null ? 'io.warmswap.lane.changed' : 'io.warmswap.deployment.changed',
    subject: deployment ?? id,
    time: ports.now(),
    data: { lane: id, deployment },
  });
  return { end: 'done', value: null };
};

/** The answer goes out by the topic like all that people are told: the lane waits for nobody's Slack. */
export const reply: Perform<'reply'> = async ({ ports, stored }, { input, to }, { seq, tries }) => {
  const { id } = stored.lane;
  await ports.events.publish({
    id: `${id}~${seq}~${tries}`,
    type: 'io.warmswap.input.answered',
    subject: input,
    time: ports.now(),
    data: { lane: id, input, to },
  });
  return { end: 'done', value: null };
};

/** A report through the whole way of error reports: once it comes out of the counting, zero may mean zero. */
export const sendProbe: Perform<'send-probe'> = async (work, { deployment, probe }) => {
  const { ports, stored } = work;
  const at = activeFor(work, deployment);
  if (at === null) return over('this probe');
  const time = ports.now().toISOString();
  const data = {
    app: appOf(stored.lane.id),
    environment: environmentOf(stored.lane.id),
    version: at.build.version,
    occurredAt: time,
    level: 'info',
    exceptions: [],
    message: 'warmswap probe',
    tags: { 'io.warmswap.probe': probe },
  };
  const event = {
    specversion: '1.0',
    id: probe,
    source: '/warmswap/probe',
    type: 'io.warmswap.error.reported',
    time,
    datacontenttype: 'application/json',
    data,
  };
  await ports.errorReports.send(event, probe);
  return { end: 'done', value: null };
};
