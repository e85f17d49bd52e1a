/** An instant of the day all tests happen on: `at('10:05')`, `at('10:05:20')`. */
export const at = (time: string): Date => new Date(`2026-03-02T${time.length === 5 ? `${time}:00` : time}Z`);

export const later = (instant: Date, milliseconds: number): Date => new Date(instant.getTime() + milliseconds);
