import type { DeployStatus, StoredDeployment } from '../state.ts';
import { type Site, shown } from '../world.ts';

const PROVISIONING: Record<DeployStatus, string> = {
  0: 'InProgress',
  1: 'InProgress',
  2: 'InProgress',
  3: 'Failed',
  4: 'Succeeded',
};

/** The deployments a slot's content came from, newest first, as a reader is shown them now. */
export function listed(site: Site, slot: string): { deployment: StoredDeployment; isActive: boolean }[] {
  const { content } = shown(site, slot, Date.now());
  return content.deployments.map((deployment) => ({ deployment, isActive: deployment.id === content.activeId }));
}

/** One deployment as Kudu's DeployResult. `scm` is the address of the SCM host. */
export function deploymentResource(deployment: StoredDeployment, isActive: boolean, scm: string, site: string): object {
  const url = `${scm}/api/deployments/${deployment.id}`;
  return {
    id: deployment.id,
    status: deployment.status,
    status_text: deployment.statusText,
    author_email: deployment.authorEmail,
    author: deployment.author,
    deployer: deployment.deployer,
    message: deployment.message,
    progress: deployment.progress,
    received_time: deployment.receivedTime,
    start_time: deployment.startTime,
    end_time: deployment.endTime,
    last_success_end_time: deployment.lastSuccessEndTime,
    complete: deployment.complete,
    active: isActive,
    is_temp: deployment.status < 2,
    is_readonly: true,
    url,
    log_url: `${url}/log`,
    site_name: site,
    provisioningState: PROVISIONING[deployment.status],
  };
}
