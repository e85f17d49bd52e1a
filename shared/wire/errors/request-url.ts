const MOST = 1_000;
const REDACTED = '[redacted]';

/** Names of query parameters whose values open something. */
const TELLING =
  /(^|[^a-z])(sig|code|state|pin|otp|jwt|sid|key)($|[^a-z])|token|secret|passw|pwd|auth|credential|session|signature|api.?key|access.?key|email|phone/i;
/** Values that open something whatever their name: a JWT, or a long run of random characters. */
const SECRET_LIKE = /^eyJ[\w-]+\.[\w-]+|^(?=[^/]*\d)[\w+/=%-]{32,}$/;

/**
 * The address of a failed request as it may be stored: without user name, password and fragment, and with the values of telling
 * query parameters replaced. Anything that is no address is cut before its first `?`.
 */
export function redactUrl(url: string): string {
  const cut = url.length > 4 * MOST ? url.slice(0, 4 * MOST) : url;
  const withoutFragment = cut.includes('#') ? cut.slice(0, cut.indexOf('#')) : cut;
  const question = withoutFragment.indexOf('?');
  const before = question < 0 ? withoutFragment : withoutFragment.slice(0, question);
  const address = before.includes('@') ? before.replace(/^([a-z][a-z0-9+.-]*:)?\/\/[^/]*@/i, '$1//') : before;
  const redacted = question < 0 ? address : `${address}?${redactQuery(withoutFragment.slice(question + 1))}`;
  return redacted.length > MOST ? redacted.slice(0, MOST) : redacted;
}

function redactQuery(query: string): string {
  return query
    .split('&')
    .map((pair) => {
      const equals = pair.indexOf('=');
      if (equals < 0) return SECRET_LIKE.test(pair) ? REDACTED : pair;
      const name = pair.slice(0, equals);
      return TELLING.test(plain(name)) || SECRET_LIKE.test(pair.slice(equals + 1)) ? `${name}=${REDACTED}` : pair;
    })
    .join('&');
}

/** A name may be escaped so as not to be recognised. */
function plain(name: string): string {
  if (!name.includes('%')) return name;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
