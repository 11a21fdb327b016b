import { PermanentError } from '@longhaul/kernel';
import type { OutboundResponse } from '@longhaul/outbound';

const HTML = ['text/html', 'application/xhtml+xml'];
const TEXT = ['text/plain', 'text/markdown'];
const META = /<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w:-]{1,40})/i;

export interface PageText {
  isHtml: boolean;
  text: string;
}

/** The body as text, by the charset of its header, its byte order mark or its `<meta>`; in doubt UTF-8. */
export function pageText({ headers, body }: Pick<OutboundResponse, 'headers' | 'body'>): PageText {
  const [type = '', ...parameters] = (headers['content-type'] ?? 'text/html').toLowerCase().split(';');
  const media = type.trim();
  const isHtml = HTML.includes(media);
  if (!isHtml && !TEXT.includes(media)) {
    const message = `it is ${media}, which this tool does not read: send the address of an HTML page or a plain text`;
    throw new PermanentError(message, { code: 'invalid_input' });
  }
  const said = /^\s*charset\s*=\s*["']?([^"']+)/.exec(parameters.find((one) => one.includes('charset')) ?? '')?.[1];
  const meta = isHtml ? META.exec(body.subarray(0, 2_048).toString('latin1'))?.[1] : undefined;
  return { isHtml, text: decoder(markOf(body) ?? said ?? meta).decode(body) };
}

/** Stronger than what anybody says. */
function markOf(body: Buffer): string | undefined {
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) return 'utf-8';
  if (body[0] === 0xfe && body[1] === 0xff) return 'utf-16be';
  return body[0] === 0xff && body[1] === 0xfe ? 'utf-16le' : undefined;
}

function decoder(label = 'utf-8'): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(label.trim());
  } catch {
    return new TextDecoder('utf-8');
  }
}
