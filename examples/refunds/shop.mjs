// A shop with one order, for the example: node shop.mjs [port]. It pays back once for each Idempotency-Key.
import { createServer } from 'node:http';

const done = new Map();
createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => (body += chunk));
  request.on('end', () => {
    response.setHeader('content-type', 'application/json');
    if (request.method === 'GET') {
      console.log(`looked up ${request.url}`);
      return response.end(JSON.stringify({ order: 4711, paid_euro: 40, parcel: 'lost' }));
    }
    const key = request.headers['idempotency-key'];
    if (!done.has(key)) {
      done.set(key, { refunded: JSON.parse(body).euro });
      console.log(`sent back ${body}`);
    }
    response.end(JSON.stringify(done.get(key)));
  });
}).listen(Number(process.argv[2] ?? 8101), '127.0.0.1');
