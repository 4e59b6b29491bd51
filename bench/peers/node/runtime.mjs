// The loop of a Lambda function over the Runtime API: `node runtime.mjs <module>`, whose `handler` it calls.
// AWS's own client has the same loop around a native library, which needs a compiler and autotools to install.
import { Agent, request } from 'node:http';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

function call(method, path, body) {
  return new Promise((settle, fail) => {
    const headers = body === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
    const asked = request({ agent, host, port, method, headers, path: `/2018-06-01/runtime/${path}` }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => settle({ headers: answer.headers, body: Buffer.concat(chunks) }));
      answer.on('error', fail);
    });
    asked.on('error', fail);
    asked.end(body);
  });
}

const { handler } = await import(pathToFileURL(resolve(process.argv[2])).href);
for (;;) {
  const next = await call('GET', 'invocation/next');
  const id = next.headers['lambda-runtime-aws-request-id'];
  try {
    const answer = await handler(JSON.parse(next.body), { awsRequestId: id });
    await call('POST', `invocation/${id}/response`, JSON.stringify(answer));
  } catch (error) {
    const told = { errorType: error.name, errorMessage: error.message, stackTrace: [String(error.stack)] };
    await call('POST', `invocation/${id}/error`, JSON.stringify(told));
  }
}
