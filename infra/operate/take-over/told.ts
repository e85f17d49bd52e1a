import type { Backup, CopiedLane } from '../copy/read.ts';

/** What a person has to know and to do about each lane, and then about all of it. */
export function told({ manifest, lanes }: Backup): string[] {
  return [
    `as of ${manifest.takenAt.toISOString()}:`,
    ...lanes.map((copied) => `  ${toldOf(copied)}`),
    'to do, in this order:',
    '  1. start both apps of this region, WARMSWAP_STOP=false: they look at the sites and start nothing, since every lane is on hold',
    '  2. send builds, error reports and Slack to the ingress of this region, and the events of the sites to its namespace',
    '  3. look at both slots of each site, then release its lane',
  ];
}

function toldOf({ lane, unfinished }: CopiedLane): string {
  const { live, active, queue, hold } = lane;
  const ran = live === null ? 'what it ran was not known' : `production ran ${live.version}`;
  const moved = active === null ? 'nothing moved' : `${active.build.version} was ${active.stage}: look at both slots`;
  const waited = unfinished
    .filter(({ id }) => queue.some(({ record }) => record.id === id))
    .map(({ build }) => build.version);
  const kept = hold === null ? [] : [`${hold.by} had it on hold: ${hold.because}`];
  const retry = waited.length === 0 ? [] : [`${waited.join(', ')} waited, and can be retried`];
  return `${lane.id}: ${[ran, moved, ...retry, ...kept].join('; ')}`;
}
