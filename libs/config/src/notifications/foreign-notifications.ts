import { isJsonObject } from '@longhaul/kernel';
import type { JsonObject } from '@longhaul/kernel';
import type { PlacedIssue } from '../config-path';

/** Keys of the Python agents-gateway's channels, and what they are called here. */
const RENAMED = {
  slack: { bot_token: 'token', default_channel: 'channel' },
  telegram: { default_chat_id: 'chat_id' },
} as const;

/** Its Slack and Telegram in our names, in place; what it has switched off is left out, with all its variables. */
export function translateChannels(values: JsonObject): PlacedIssue[] {
  const sections = values['notifications'];
  if (!isJsonObject(sections)) return [];
  const warnings: PlacedIssue[] = [];
  for (const [channel, names] of Object.entries(RENAMED)) {
    const section = sections[channel];
    if (!isJsonObject(section)) continue;
    const at = ['notifications', channel];
    if (section['enabled'] === false) {
      delete sections[channel];
      warnings.push({
        at: [...at, 'enabled'],
        message: 'is false: the section is left out',
        hint: 'remove the section',
      });
      continue;
    }
    if (section['enabled'] === true) delete section['enabled'];
    for (const [theirs, ours] of Object.entries(names)) {
      if (!Object.hasOwn(section, theirs) || Object.hasOwn(section, ours)) continue;
      section[ours] = section[theirs] ?? null;
      delete section[theirs];
      warnings.push({ at: [...at, theirs], message: `is read as ${ours}`, hint: `write ${ours}` });
    }
  }
  return warnings;
}
