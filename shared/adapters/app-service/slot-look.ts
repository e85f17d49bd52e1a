import type { SlotLook } from '../../lane/look.ts';
import type { VersionFrom } from '../../lane/policy.ts';
import type { Hosts } from './hosts.ts';
import { type KuduDeployment, kuduDeployments } from './kudu.ts';
import type { Reach } from './reach.ts';
import { answeredVersion } from './version-from.ts';

/** What one slot shows now, and what its Kudu lists. Without a path for the version there is nothing it could fail to answer. */
export async function slotLook(
  hosts: Hosts,
  reach: Reach,
  versionFrom: VersionFrom | undefined,
): Promise<{ shown: SlotLook; deployments: KuduDeployment[] }> {
  const [deployments, version] = await Promise.all([
    kuduDeployments(hosts, reach),
    versionFrom === undefined ? null : answeredVersion(reach.fresh, hosts.app, versionFrom),
  ]);
  const kudu = deployments.find(({ active }) => active)?.id ?? null;
  return {
    shown: { identity: { kudu, version }, answers: versionFrom === undefined || version !== null },
    deployments,
  };
}
