import { CronExpressionParser } from 'cron-parser';
import { timeSpanMs } from './time-span.ts';

/** Says when a timer is next due after an instant. */
export interface Schedule {
  next(after: Date): Date;
}

/**
 * Reads a timer's schedule: NCRONTAB with six fields (seconds first) or five, in UTC, or a time span such as `00:00:10`.
 * NCRONTAB wants both the day of the month and the day of the week to fit, where Unix cron takes either, so the day of
 * the week is checked apart.
 * @throws when the text is no schedule
 */
export function parseSchedule(text: string): Schedule {
  const span = timeSpanMs(text);
  if (span !== undefined) {
    if (span <= 0) throw new Error('the interval must be longer than zero');
    return { next: (after) => new Date(after.getTime() + span) };
  }
  const fields = text.trim().split(/\s+/);
  if (fields.length === 5) fields.unshift('0');
  if (fields.length !== 6) throw new Error('it must have five or six fields');
  const [second = '', minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = ''] = fields;
  const days = CronExpressionParser.parse(`0 0 0 * * ${dayOfWeek}`, { tz: 'UTC' }).fields.dayOfWeek.values;
  const weekdays = new Set(days.map((day) => Number(day) % 7));
  const dates = `${second} ${minute} ${hour} ${dayOfMonth} ${month} *`;
  CronExpressionParser.parse(dates, { tz: 'UTC' });
  return {
    next(after) {
      const dated = CronExpressionParser.parse(dates, { tz: 'UTC', currentDate: after });
      let due = dated.next().toDate();
      while (!weekdays.has(due.getUTCDay())) {
        // Nothing else of this day can fit: go on from its last moment.
        due.setUTCHours(23, 59, 59, 999);
        dated.reset(due);
        due = dated.next().toDate();
      }
      return due;
    },
  };
}
