import { ServiceBusError } from '../service-bus-error.ts';

/** Reads the fields of a request's body, a map as rhea decodes it. Each throws argument-error when a field is unfit. */
export class RequestBody {
  readonly #fields: Record<string, unknown>;

  constructor(body: unknown) {
    this.#fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  }

  /** A list or an array; an AMQP array arrives as its items, one of a single item as well. */
  list(field: string): unknown[] {
    const value = this.#fields[field];
    if (Array.isArray(value)) return value;
    throw unfit(field);
  }

  text(field: string): string {
    const value = this.optionalText(field);
    if (value === undefined) throw unfit(field);
    return value;
  }

  optionalText(field: string): string | undefined {
    const value = this.#fields[field];
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string') return value;
    throw unfit(field);
  }

  number(field: string): number {
    return longOf(this.#fields[field], field);
  }

  longs(field: string): number[] {
    return this.list(field).map((value) => longOf(value, field));
  }

  binary(field: string): Buffer {
    return binaryOf(this.#fields[field], field);
  }

  binaries(field: string): Buffer[] {
    return this.list(field).map((value) => binaryOf(value, field));
  }

  optionalMap(field: string): Record<string, unknown> {
    const value = this.#fields[field];
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  }
}

/** rhea decodes a long as a number when it is one exactly, and else leaves its eight bytes. */
function longOf(value: unknown, field: string): number {
  if (typeof value === 'number') return value;
  if (Buffer.isBuffer(value) && value.length === 8) return Number(value.readBigInt64BE());
  throw unfit(field);
}

function binaryOf(value: unknown, field: string): Buffer {
  if (Buffer.isBuffer(value)) return value;
  throw unfit(field);
}

const unfit = (field: string): ServiceBusError =>
  new ServiceBusError('com.microsoft:argument-error', 400, `The request lacks '${field}', or it is of the wrong type.`);
