import type { OutboundRequest } from './outbound-request';
import { redirected } from './redirect';

describe('A redirect', () => {
  const to = (url: string, location: string, method: OutboundRequest['method'] = 'POST') =>
    redirected({ method, url }, 307, location)?.url;

  it.each(['http://example.com/hook', 'http://other.example/'])('from https to %s is refused', (location) => {
    expect(() => to('https://example.com/hook', location)).toThrow(
      expect.objectContaining({
        code: 'outbound_refused',
        retryable: false,
        message: expect.stringMatching(/from https to http .*let it redirect to https/) as string,
      }),
    );
  });

  it.each([
    ['https://example.com/hook', '/other', 'https://example.com/other'],
    ['https://example.com/hook', '//other.example/', 'https://other.example/'],
    ['http://example.com/hook', 'https://example.com/hook', 'https://example.com/hook'],
    ['http://example.com/hook', 'http://other.example/', 'http://other.example/'],
  ])('of %s to %s is followed', (url, location, next) => {
    expect(to(url, location)).toBe(next);
  });
});
