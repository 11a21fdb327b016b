import type { NotificationsConfig } from '@longhaul/config';
import type { ComposerOptions } from './messages/message-composer';

export interface NotifiersOptions extends Omit<ComposerOptions, 'templates'> {
  notifications: NotificationsConfig;
  /** What alerts say that they came from. */
  source: string;
}

export const NOTIFIERS_OPTIONS = Symbol('NotifiersOptions');
