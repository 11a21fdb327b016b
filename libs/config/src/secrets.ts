import { isJsonObject } from '@longhaul/kernel';
import { isSecretPath } from './config-path';
import type { ConfigPath } from './config-path';
import { secretsInUrl } from './secret-url';

/** Shorter ones are words: to blot them out would blacken innocent text. */
const MIN_LENGTH = 6;

/**
 * What must not appear in logs: strings under secret names, and what URLs hold of them. API keys are not among them: they
 * are forgotten once hashed.
 */
export function collectSecrets(values: unknown): string[] {
  const found = new Set<string>();
  const visit = (node: unknown, path: ConfigPath): void => {
    if (typeof node === 'string') {
      for (const secret of isSecretPath(path) ? [node] : secretsInUrl(node))
        if (isTellingEnough(secret)) found.add(secret);
    } else if (Array.isArray(node)) node.forEach((item, index) => visit(item, [...path, index]));
    else if (isJsonObject(node)) for (const [key, item] of Object.entries(node)) visit(item, [...path, key]);
  };
  if (isJsonObject(values)) for (const [key, item] of Object.entries(values)) if (key !== 'auth') visit(item, [key]);
  return [...found];
}

/** Whether it is long enough to be blotted out. */
export function isTellingEnough(secret: string): boolean {
  return secret.length >= MIN_LENGTH;
}
