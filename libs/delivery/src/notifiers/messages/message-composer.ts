import { templateEngine } from '@longhaul/config';
import type { ExecutionRecord } from '@longhaul/executions';
import { redact } from '@longhaul/kernel';
import { redactRecord } from '../../redact-record';
import type { Message, Notifier } from '../notifier';
import { cleanText, cutText, oneLine } from './clean-text';
import { type Facts, factsOf } from './facts';

export interface ComposerOptions {
  /** `notifications.templates`. */
  templates: Readonly<Record<string, string>>;
  /** What links begin with, without a slash at the end; null where nobody knows. */
  publicUrl: string | null;
  /** Blotted out wherever it turns up; grows as the process learns more. */
  secrets: readonly string[];
}

/** A headline and paragraphs, not yet in the form of any channel. */
export interface PlainMessage extends Omit<Message, 'text' | 'link'> {
  paragraphs: string[];
  link: string | null;
}

const MAX_SUBJECT = 200;

/**
 * Makes messages of what happened. What a model, a client or a stranger wrote comes in as values, is cleaned, redacted
 * and made harmless for the channel, and only then part of the text. Never throws: a template that fails gives way to
 * the built-in text, with the reason as its last line.
 */
export class MessageComposer {
  constructor(private readonly options: ComposerOptions) {}

  ofExecution(id: string, execution: ExecutionRecord, notifier: Notifier, template?: string): Message {
    const link = this.linkTo(execution.id);
    const facts = factsOf(redactRecord(execution, this.options.secrets), link ?? '');
    const built = template === undefined ? undefined : this.render(template, facts, notifier);
    const severity = facts.event === 'complete' ? 'info' : 'error';
    const head = { id, about: execution.id, subject: facts.headline, severity, link } as const;
    if (built !== undefined && 'text' in built) return this.finish({ ...head, text: built.text }, notifier);
    return this.plain({ ...head, paragraphs: [...paragraphsOf(facts), ...(built ? [built.reason] : [])] }, notifier);
  }

  /** A message of paragraphs, in the channel's form. */
  plain({ paragraphs, ...message }: PlainMessage, notifier: Notifier): Message {
    const all = [message.subject, ...paragraphs].filter((part) => part.trim() !== '');
    const text = all.map((part) => this.harmless(part, notifier)).join('\n\n');
    return this.finish({ ...message, text: message.link === null ? text : `${text}\n${message.link}` }, notifier);
  }

  linkTo(executionId: string): string | null {
    return this.options.publicUrl === null ? null : `${this.options.publicUrl}/v1/executions/${executionId}`;
  }

  private render(name: string, facts: Facts, notifier: Notifier): { text: string } | { reason: string } {
    const template = Object.hasOwn(this.options.templates, name) ? this.options.templates[name] : undefined;
    if (template === undefined) return { reason: `(The template "${name}" is not in gateway.yaml.)` };
    try {
      const engine = templateEngine((value) => this.harmless(value, notifier));
      const text = String(engine.parseAndRenderSync(template, facts));
      if (text.trim() !== '') return { text };
      return { reason: `(The template "${name}" said nothing.)` };
    } catch (error) {
      const [reason] = (error instanceof Error ? error.message : String(error)).split('\n');
      return { reason: `(The template "${name}" failed: ${reason}.)` };
    }
  }

  private harmless(text: string, notifier: Notifier): string {
    return notifier.harmless(this.redacted(cleanText(text)));
  }

  private finish(message: Message, { maxText }: Notifier): Message {
    const subject = cutText(oneLine(this.redacted(message.subject)), MAX_SUBJECT);
    return { ...message, subject, text: cutText(message.text.trim(), maxText) };
  }

  private redacted(text: string): string {
    return redact(text, this.options.secrets);
  }
}

function paragraphsOf({ event, output, error, execution_id: id }: Facts): string[] {
  return [event === 'complete' ? output : (error?.message ?? ''), `execution ${id}`];
}
