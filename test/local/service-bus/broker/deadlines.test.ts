import { expect, test } from 'vitest';
import type { Clock } from '../../../../infra/local/service-bus/broker/clock.ts';
import { Deadlines } from '../../../../infra/local/service-bus/broker/deadlines.ts';

/** Time that stands still until moved; at most one timer runs, as the deadlines need. */
class StoppedClock implements Clock {
  #now = 0;
  readonly timers = new Map<number, () => void>();
  #nextTimer = 0;

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    const id = this.#nextTimer;
    this.#nextTimer += 1;
    const at = this.#now + ms;
    this.timers.set(id, () => {
      if (at > this.#now) return;
      this.timers.delete(id);
      run();
    });
    return () => this.timers.delete(id);
  }

  moveTo(instant: number): void {
    this.#now = instant;
    for (const timer of [...this.timers.values()]) timer();
  }
}

test('each runs when its time has come, in order, once, behind one timer', () => {
  const clock = new StoppedClock();
  const deadlines = new Deadlines(clock);
  const ran: string[] = [];
  deadlines.at(30, () => ran.push('c'));
  deadlines.at(10, () => ran.push('a'));
  deadlines.at(20, () => ran.push('b'));
  expect(clock.timers.size).toBe(1);
  clock.moveTo(9);
  expect(ran).toEqual([]);
  clock.moveTo(25);
  expect(ran).toEqual(['a', 'b']);
  clock.moveTo(100);
  expect(ran).toEqual(['a', 'b', 'c']);
});

test('what was taken back does not run; what is set from within does', () => {
  const clock = new StoppedClock();
  const deadlines = new Deadlines(clock);
  const ran: string[] = [];
  const takeBack = deadlines.at(10, () => ran.push('taken back'));
  deadlines.at(10, () => deadlines.at(15, () => ran.push('from within')));
  takeBack();
  takeBack();
  clock.moveTo(10);
  clock.moveTo(15);
  expect(ran).toEqual(['from within']);
});

test('nothing runs after the end', () => {
  const clock = new StoppedClock();
  const deadlines = new Deadlines(clock);
  deadlines.at(10, () => expect.unreachable());
  deadlines.close();
  clock.moveTo(20);
  expect(clock.timers.size).toBe(0);
});
