import { LostRace, type Ports } from '../../shared/ports.ts';
import type { Worker } from './core.ts';
import { modelPlants } from './model-plants.ts';
import type { Plant } from './plant.ts';

/** The write id that the next save is to use. */
let nextWriteId: string | null = null;

const derivedWriteIds = (ports: Ports, worker: Worker): Ports => ({
  ...ports,
  lanes: {
    ...ports.lanes,
    save: (stored, change) => {
      nextWriteId = `${worker.delivery?.message.id} ${change.lane.step}`;
      const saving = ports.lanes.save(stored, change);
      nextWriteId = null;
      return saving;
    },
  },
});

const swallowed = (ports: Ports): Ports => ({
  ...ports,
  lanes: {
    ...ports.lanes,
    save: async (stored, change) => {
      try {
        return await ports.lanes.save(stored, change);
      } catch (error) {
        if (!(error instanceof LostRace)) throw error;
        const now = await ports.lanes.load(change.lane.id);
        return { ...stored, lane: change.lane, etag: now.etag };
      }
    },
  },
});

const wakesWithoutStep = (ports: Ports): Ports => ({
  ...ports,
  inbox: {
    send: (input, sending) =>
      ports.inbox.send(
        input.type === 'wake' ? { ...input, id: `${input.lane}~wake` as typeof input.id } : input,
        sending,
      ),
  },
});

const requests = ['one request per intent', 'P3 what is over stays over', 'P2 from the expected build to the intended'];

/** The rules of the model, and those that the model leaves out. */
export const plants: Plant[] = [
  ...modelPlants,
  {
    name: 'deterministic write id',
    what: 'the write id follows from the input: another worker’s write is taken for our own',
    world: { ports: derivedWriteIds, weights: { 'lock-lost': 5 } },
    replaced: { writeId: () => nextWriteId },
    caughtBy: requests,
    lives: { faults: ['lock-lost', 'lag'] },
  },
  {
    name: 'swallowed 412',
    what: 'a lost race is taken for a success',
    world: { ports: swallowed, weights: { 'lock-lost': 5 } },
    caughtBy: [...requests, 'a wait is a message', 'the journal is one chain'],
    lives: { faults: ['lock-lost'] },
  },
  {
    name: 'wait without counter',
    what: 'the id of a wake does not name its step',
    world: { ports: wakesWithoutStep },
    caughtBy: ['a wait is a message'],
    lives: {},
  },
];
