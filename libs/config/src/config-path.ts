/** Where something stands in gateway.yaml: `['auth', 'api_keys', 0, 'name']`. */
export type ConfigPath = readonly PropertyKey[];

/** Something wrong at a place; `Origins.locate` makes it an `Issue` that says where the value came from. */
export interface PlacedIssue {
  at: ConfigPath;
  message: string;
  hint?: string;
}

/** `auth.api_keys[0].name`, the form that messages use. */
export function formatPath(path: ConfigPath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}

const SECRET_KEY = /(^|_)(api_key|token|secret|password|passwd|authorization|routing_key|webhook_url)$/i;

/** Whether what stands there must not be shown: by the name of the key, as an outgoing header, as an entry of api_keys. */
export function isSecretPath(path: ConfigPath): boolean {
  if (path[0] === 'auth' && path[1] === 'api_keys') return !path.includes('scopes') && !path.includes('name');
  return path.includes('headers') || SECRET_KEY.test(String(path.at(-1)));
}
