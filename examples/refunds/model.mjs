// Stands in for a model, for those who have none at hand: node model.mjs [port]. It speaks OpenAI's chat completions, looks
// order 4711 up, asks for its money to be sent back, and says so.
import { createServer } from 'node:http';

const TURNS = [
  { tool: 'find_order', args: { order: 4711 } },
  { tool: 'refund', args: { order: 4711, euro: 40 } },
  { text: 'The parcel of order 4711 was lost, so its money is on its way back.' },
];

createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => (body += chunk));
  request.on('end', () => {
    const { messages, model } = JSON.parse(body);
    const turn = TURNS[messages.filter(({ role }) => role === 'assistant').length];
    console.log(`asked: ${turn?.tool ?? 'for an answer'}`);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const send = (delta, finish_reason = null) =>
      response.write(`data: ${JSON.stringify({ id: 'c', model, choices: [{ index: 0, delta, finish_reason }] })}\n\n`);
    if (turn?.tool) {
      const call = { name: turn.tool, arguments: JSON.stringify(turn.args) };
      send({
        role: 'assistant',
        tool_calls: [{ index: 0, id: `call_${turn.tool}`, type: 'function', function: call }],
      });
      send({}, 'tool_calls');
    } else {
      send({ role: 'assistant', content: turn?.text ?? 'Done.' });
      send({}, 'stop');
    }
    response.end('data: [DONE]\n\n');
  });
}).listen(Number(process.argv[2] ?? 8102), '127.0.0.1');
