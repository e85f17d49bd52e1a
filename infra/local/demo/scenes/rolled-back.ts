import type { DeploymentRecord } from '../../../../shared/lane/lane.ts';
import { isSwap } from '../observe-site.ts';
import { follow, type Release, type Shipped, ship } from '../shipping.ts';
import { mentions, same, type Truths } from '../truths.ts';
import type { Scene, World } from '../world.ts';
import { deploymentMessage, isOfError } from './claims.ts';
import { settled } from './settled.ts';

/** A build whose errors show only under real traffic is found out by them and taken back; its errors are tied to it. */
export const rolledBack = (release: Release, former: string): Scene => ({
  title: `${release.version} throws on some requests: it is rolled back`,
  async play(world, truths) {
    const { version } = release;
    const since = await world.site.lastCall();
    const shipped = await ship(world, release);
    const record = await follow(world, shipped, 50_000);
    const ended = new Date();

    await truths.check('it was live, and people got errors from it', async () => {
      const { byVersion } = await world.traffic.between(shipped.at, ended);
      const own = byVersion[version] ?? { served: 0, failed: 0 };
      return { holds: own.served > 0 && own.failed > 0, seen: JSON.stringify(byVersion) };
    });
    await truths.check(`it was rolled back`, () => same(record.outcome, 'rolled-back'));
    await errorsAreTied(world, truths, shipped, record);
    await truths.check(`production answers ${former} on 10 new connections`, async () =>
      same(settled(await world.site.versions('production', 10)), [former]),
    );
    await truths.check(
      'ARM was asked for two swaps, there and back, each under an id of its own, and did both',
      async () => {
        const swaps = (await world.site.actsSince(since)).filter(isSwap);
        const ids = new Set(swaps.map(({ clientRequestId }) => clientRequestId));
        const done = swaps.every(({ applied }) => applied === true);
        return { holds: swaps.length === 2 && done && ids.size === 2 && !ids.has(null), seen: JSON.stringify(swaps) };
      },
    );
    await truths.within(5_000, 'its markers: deploy, and then rollback to what ran before', async () => {
      const own = (await world.tables.markers()).filter(({ deployment }) => deployment === record.id);
      return same(
        own.map(({ kind, version: ran }) => [kind, ran]),
        [
          ['rollback', former],
          ['deploy', version],
        ],
      );
    });
    await deploymentMessage(truths, world, shipped, record, `${version} was rolled back to ${former}`);
    await truths.check('no request failed since', async () => {
      const counted = await world.traffic.between(ended, new Date());
      return { holds: counted.failed === 0 && counted.served > 0, seen: JSON.stringify(counted.whys) };
    });
  },
});

async function errorsAreTied(
  world: World,
  truths: Truths,
  { release, shas }: Shipped,
  record: DeploymentRecord,
): Promise<void> {
  const { version, by } = release;
  await truths.check('one error group is new in it, and is the evidence against it', async () => {
    const own = (await world.tables.errorGroups()).filter(({ firstVersion }) => firstVersion === version);
    const blamed = record.evidence?.newGroups.map(({ fingerprint }) => fingerprint) ?? [];
    const [group] = own;
    return {
      holds:
        own.length === 1 &&
        group !== undefined &&
        blamed.includes(group.fingerprint) &&
        record.evidence?.verdict === 'bad',
      seen: JSON.stringify({ groups: own, evidence: record.evidence }),
    };
  });
  await truths.within(10_000, `Slack tells of the new error, and names deployment, person and commits`, async () => {
    const told = (await world.slack()).filter(({ says }) => isOfError(says) && says.includes(version));
    if (told.length !== 1) return { holds: false, seen: `${told.length} messages` };
    return mentions(told[0]?.says ?? '', ['new error', 'QuoteError', `deployment ${record.id}`, by.name, ...shas]);
  });
}

/** Every failed request reported itself; counted later, because the last reports leave with the process that is swapped out. */
export const everyErrorCounted = (version: string): Scene => ({
  title: 'Afterwards',
  async play(world, truths) {
    await world.service.fold();
    await truths.within(
      10_000,
      `every request that failed in ${version} is counted in its error group, once`,
      async () => {
        const failed = world.traffic.answered.filter((one) => one.version === version && one.status === 500).length;
        const groups = await world.tables.errorGroups();
        const counted = groups.reduce((sum, { countByVersion }) => sum + (countByVersion[version] ?? 0), 0);
        return { holds: failed > 0 && counted === failed, seen: `${failed} failed, ${counted} counted` };
      },
    );
  },
});
