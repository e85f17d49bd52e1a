import { readFileSync } from 'node:fs';
import type { Answer } from '../call.ts';
import { aPerson } from '../slots/operations.ts';
import { startPublish } from '../slots/publish.ts';
import { startSwap } from '../slots/swap.ts';
import type { World } from '../world.ts';

/**
 * What a person does by hand in the portal: a swap of `slot` with production, or a publish of the zip at path `zip` to
 * `slot`. No role limits a person, but App Service's own refusals do. With `wait: true` the answer comes when it is done.
 */
export async function actAsPerson(world: World, body: Record<string, unknown>): Promise<Answer> {
  const bad = (message: string): Answer => ({ status: 400, body: { error: message } });
  const site = world.sites.get(String(body.site));
  if (site === undefined) return bad(`no site '${body.site}'`);
  const slot = String(body.slot ?? 'staging');
  if (!site.slots.has(slot)) return bad(`site '${site.name}' has no slot '${slot}'`);
  if (body.act === 'swap') {
    if (slot === 'production') return bad('name the slot to swap with production');
    const started = startSwap(world, site, slot, 'production', aPerson);
    if ('refusal' in started) return { status: started.refusal.status, body: { error: started.refusal.message } };
    if (body.wait === true) await started.ended;
    const { id, status, error } = started.operation;
    return { status: body.wait === true ? 200 : 202, body: { operationId: id, status, error } };
  }
  if (body.act !== 'deploy') return bad("act is 'swap' or 'deploy'");
  if (typeof body.zip !== 'string') return bad('zip is the path of the package');
  const path = body.zip;
  const publish = {
    zip: async () => readFileSync(path),
    author: 'a person',
    authorEmail: 'N/A',
    deployer: 'a person',
    message: 'by hand',
    clean: true,
  };
  const started = startPublish(world, site, slot, publish, null);
  if ('refusal' in started) return { status: started.refusal.status, body: { error: started.refusal.message } };
  if (body.wait === true) await started.ended;
  const { id, status, statusText } = started.deployment;
  return { status: body.wait === true ? 200 : 202, body: { deploymentId: id, status, statusText } };
}
