/** Through which app of which workspace people may decide. */
export interface Interactivity {
  /** One, or two while it is being replaced; none where another app takes what Slack sends, and this one only shows the buttons. */
  signingSecrets: string[];
  /** The workspace and the app in Slack, `T…` and `A…`. */
  teamId: string;
  appId: string;
}

/** How the settings are read: a value (undefined where it is not usable), whether it is given at all, and what is wrong with it. */
interface Reader {
  text(name: string): string | undefined;
  present(name: string): boolean;
  fault(name: string, why: string): void;
}

/**
 * The ids say that people may decide in Slack, and for whom a request may be; the secret, which app of Slack's signed it. The secret
 * is of no use without the ids; without it buttons are shown and no click is taken here. Null: none is given.
 */
export function readInteractivity({ text, present, fault }: Reader): Interactivity | null {
  const secret = 'WARMSWAP_SLACK_SIGNING_SECRET';
  const team = 'WARMSWAP_SLACK_TEAM_ID';
  const app = 'WARMSWAP_SLACK_APP_ID';
  const given = [secret, team, app].find(present);
  if (given === undefined) return null;
  for (const name of [team, app]) if (!present(name)) fault(name, `is missing beside ${given}`);
  const id = (name: string): string => {
    const value = text(name) ?? '';
    if (value !== '' && !/^[A-Za-z0-9_-]{1,40}$/.test(value))
      fault(name, 'must be the id that Slack shows, letters and digits');
    return value;
  };
  const secrets = text(secret);
  const signingSecrets = (secrets?.split(',') ?? []).map((each) => each.trim());
  if (signingSecrets.length > 2 || signingSecrets.some((each) => !/^\S{16,200}$/.test(each)))
    fault(secret, 'must be one signing secret, or two with a comma between them, each of at least 16 characters');
  return { signingSecrets, teamId: id(team), appId: id(app) };
}
