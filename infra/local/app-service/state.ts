import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from './config.ts';

/** Kudu's numbers: 0 pending, 1 building, 2 deploying, 3 failed, 4 success. */
export type DeployStatus = 0 | 1 | 2 | 3 | 4;

export interface StoredDeployment {
  id: string;
  status: DeployStatus;
  statusText: string;
  author: string;
  authorEmail: string;
  deployer: string;
  message: string;
  progress: string;
  receivedTime: string;
  startTime: string;
  endTime: string | null;
  lastSuccessEndTime: string | null;
  complete: boolean;
  log: { at: string; message: string }[];
}

/** What moves in a swap: the unzipped package and Kudu's records of how it came there. */
export interface StoredContent {
  folder: string | null;
  activeId: string | null;
  deployments: StoredDeployment[];
}

/** The last completed swap a slot took part in. */
export interface SlotSwapStatus {
  timestampUtc: string;
  sourceSlotName: string;
  destinationSlotName: string;
}

export interface StoredSlot {
  content: StoredContent;
  appSettings: Settings;
  /** The parts of config/web that were written; they stay with the slot. */
  webConfig: Record<string, unknown>;
  slotSwapStatus: SlotSwapStatus | null;
  /** Set while a swap with preview waits to be completed or reset. */
  targetSwapSlot: string | null;
  lastModifiedTimeUtc: string;
}

export interface Refusal {
  status: number;
  code: string;
  message: string;
  /** App Service's own number for the case, 59203 for "another operation is in progress". */
  extendedCode?: string;
}

export type Phase = 'preparing' | 'restarting' | 'warming' | 'switching' | 'settling' | 'publishing' | 'ended';

/** Something that holds a site: one at a time. */
export interface StoredOperation {
  id: string;
  name: 'SwapSiteSlots' | 'Deployment';
  slot: string;
  target: string | null;
  phase: Phase;
  status: 'running' | 'succeeded' | 'failed';
  /** True from the moment the front doors were exchanged. */
  switched: boolean;
  startedAt: string;
  error: Refusal | null;
  /** The received call that began it; none for a person's own act. */
  call: number | null;
  /** `x-ms-client-request-id` of that call, or one made for it. */
  clientRequestId: string;
}

export interface SlotConfigNames {
  appSettingNames: string[];
  connectionStringNames: string[];
  azureStorageConfigNames: string[];
}

export interface StoredSite {
  slots: Record<string, StoredSlot>;
  slotConfigNames: SlotConfigNames;
  /** Newest first. */
  operations: StoredOperation[];
}

/** Everything that outlives the process: one file, replaced as a whole. */
export interface Stored {
  ports: Record<string, number>;
  sites: Record<string, StoredSite>;
}

export interface StateFile {
  stored: Stored;
  save(): void;
}

/** Opens `state.json` in `dataDir`. `save` replaces it by rename, so a kill at any moment leaves the old or the new state, never half of one. */
export function openState(dataDir: string): StateFile {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, 'state.json');
  const stored = read(file);
  return {
    stored,
    save() {
      writeFileSync(`${file}.draft`, JSON.stringify(stored));
      renameSync(`${file}.draft`, file);
    },
  };
}

function read(file: string): Stored {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Stored;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { ports: {}, sites: {} };
    throw new Error(`the state in ${file} cannot be read; remove its folder to begin anew`, { cause: error });
  }
}

export const emptySlot = (appSettings: Settings): StoredSlot => ({
  content: { folder: null, activeId: null, deployments: [] },
  appSettings,
  webConfig: {},
  slotSwapStatus: null,
  targetSwapSlot: null,
  lastModifiedTimeUtc: new Date().toISOString(),
});
