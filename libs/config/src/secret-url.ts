import { REDACTED } from '@longhaul/kernel';

/** `scheme://user:`, then all that stands before the last @ of the authority. */
const PASSWORD = /^([a-z][a-z\d+.-]*:\/\/[^/?#:@]*:)[^/?#]+(?=@)/gi;
const PARAMETER = /([?&](?:[^=&#]*[_-])?(?:key|apikey|token|secret|password|passwd|sig|signature)=)[^&#]+/gi;

/** A URL without its password and what its query holds under a secret name, however short; another text as it is. */
export function shownUrl(text: string): string {
  return text.replace(PASSWORD, `$1${REDACTED}`).replace(PARAMETER, `$1${REDACTED}`);
}

/** What `shownUrl` leaves out of a URL, as written and decoded: a driver's error may show either. */
export function secretsInUrl(text: string): string[] {
  const parts = [...text.matchAll(PASSWORD), ...text.matchAll(PARAMETER)];
  return parts.map(([all, start = '']) => all.slice(start.length)).flatMap((secret) => [secret, decoded(secret)]);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
