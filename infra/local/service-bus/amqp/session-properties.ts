import rhea from 'rhea';

/** .NET counts ticks of 100 ns from the year 1. */
const ticksAtUnixEpoch = 621_355_968_000_000_000n;

/** The link property that tells a session receiver how long it holds its session (an instant in ms since 1970). */
export function lockedUntilProperty(until: number): Record<string, unknown> {
  const ticks = Buffer.alloc(8);
  ticks.writeBigInt64BE(BigInt(Math.round(until)) * 10_000n + ticksAtUnixEpoch);
  return { 'com.microsoft:locked-until-utc': rhea.types.wrap_long(ticks) };
}
