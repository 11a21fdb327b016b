import { isUtf8 } from 'node:buffer';
import { LonghaulError } from '@longhaul/kernel';
import type { FastifyInstance } from 'fastify';
import { checkJson } from './check-json';
import { JSON_TYPE } from './media-type';
import { locateJsonError } from './locate-json-error';
import { rememberRawBody } from './raw-body';

/**
 * The only parser of request bodies: JSON in UTF-8, whatever else the client calls it is 415. The size limit is the
 * instance's `bodyLimit`, which cuts a body off before it is parsed. An empty body is `undefined`: whether a route
 * can do without is for the route to say.
 */
export function registerJsonBodyParser(instance: FastifyInstance): void {
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser<Buffer>(JSON_TYPE, { parseAs: 'buffer' }, (request, bytes, done) => {
    rememberRawBody(request, bytes);
    try {
      done(null, parseJson(bytes));
    } catch (error) {
      done(error as Error, undefined);
    }
  });
}

function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) throw new LonghaulError('invalid_json', 'the body is not UTF-8');
  const text = bytes.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const { line, column, found } = locateJsonError(text);
    throw new LonghaulError(
      'invalid_json',
      `the body is not JSON: unexpected ${found} at line ${line}, column ${column}`,
    );
  }
  checkJson(value, text.includes('\\u'));
  return value;
}
