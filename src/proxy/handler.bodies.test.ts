import { createHash, randomBytes } from 'crypto';
import { once } from 'events';
import http from 'http';
import { answerAfterBody } from '../testing/apiServer';
import { Gateway, startGateway } from '../testing/gateway';
import { userAuthorization } from '../testing/portal';
import { connectRaw } from '../testing/rawClient';
import { startRawServer } from '../testing/rawServer';

describe('a body', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway();
  });
  beforeEach(() => {
    gateway.cluster.requests.length = 0;
    gateway.cluster.answer(answerAfterBody);
  });
  afterAll(() => gateway.stop());

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'])(
    'arrives with %s',
    async method => {
      const response = await gateway.portal.fetch('/proxy/api', {
        method,
        body: '{"propagationPolicy":"Foreground"}',
        headers: { 'content-type': 'application/json' },
      });
      expect(response.status).toBe(200);
      const [request] = gateway.cluster.requests;
      expect(request.method).toBe(method);
      expect(request.headers['content-type']).toBe('application/json');
      expect(await request.body).toBe('{"propagationPolicy":"Foreground"}');
    },
  );

  it.each([
    'application/json',
    'application/yaml',
    'application/apply-patch+yaml',
    'application/x-www-form-urlencoded',
    'application/vnd.kubernetes.protobuf',
  ])('arrives as it is when it is %s', async type => {
    const body = '{"a":  1 }\n# odd \u0000 bytes';
    await gateway.portal.fetch('/proxy/api', {
      method: 'POST',
      body,
      headers: { 'content-type': type },
    });
    expect(await gateway.cluster.requests[0].body).toBe(body);
  });

  it.each(['DELETE', 'POST', 'GET'])(
    'that is chunked arrives with %s',
    async method => {
      const client = await connectRaw(gateway.portal.port);
      client.send(
        `${method} /api/kubernetes/proxy/api HTTP/1.1\r\nHost: portal\r\nAuthorization: ${userAuthorization()}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n4\r\nbody\r\n0\r\n\r\n`,
      );
      expect(await client.end()).toMatch(/^HTTP\/1\.1 200 /);
      const [request] = gateway.cluster.requests;
      expect(await request.body).toBe('body');
      expect(request.headers).toMatchObject({ 'transfer-encoding': 'chunked' });
    },
  );

  it.each(['GET', 'HEAD', 'POST', 'DELETE'])(
    'that is not there does not arrive with %s',
    async method => {
      await gateway.portal.fetch('/proxy/api', { method });
      const [request] = gateway.cluster.requests;
      expect(await request.body).toBe('');
      expect(request.headers).not.toHaveProperty('transfer-encoding');
    },
  );

  it('is on its way before its end is there', async () => {
    const arrived = gateway.cluster.nextRequest();
    const request = http.request(
      `${gateway.portal.url}/api/kubernetes/proxy/x`,
      {
        method: 'POST',
        headers: { authorization: userAuthorization() },
      },
    );
    request.write('first');
    const { socket } = await arrived;
    expect(socket.destroyed).toBe(false);
    request.end('second');
    await once(request, 'response');
    expect(await gateway.cluster.requests[0].body).toBe('firstsecond');
  });

  it('of many megabytes arrives whole', async () => {
    const body = randomBytes(24 * 1024 * 1024);
    const hash = createHash('sha256');
    let length = 0;
    gateway.cluster.answer(async (req, res) => {
      for await (const chunk of req) {
        hash.update(chunk);
        length += chunk.length;
      }
      res.end('{}');
    });
    const response = await gateway.portal.fetch('/proxy/api', {
      method: 'POST',
      body,
    });
    expect(response.status).toBe(200);
    expect(length).toBe(body.length);
    expect(hash.digest('hex')).toBe(
      createHash('sha256').update(body).digest('hex'),
    );
  });

  it('may wait for 100 Continue', async () => {
    const client = await connectRaw(gateway.portal.port);
    client.send(
      `POST /api/kubernetes/proxy/api HTTP/1.1\r\nHost: portal\r\nAuthorization: ${userAuthorization()}\r\nExpect: 100-continue\r\nContent-Length: 4\r\nConnection: close\r\n\r\n`,
    );
    await client.receive(/^HTTP\/1\.1 100 Continue\r\n\r\n/);
    client.send('body');
    expect(await client.end()).toMatch(/\r\n\r\nHTTP\/1\.1 200 /);
    const [request] = gateway.cluster.requests;
    expect(await request.body).toBe('body');
    expect(request.headers).not.toHaveProperty('expect');
  });

  it.each([
    ['Content-Length: 4\r\nTransfer-Encoding: chunked', '0\r\n\r\n'],
    ['Content-Length: 4\r\nContent-Length: 5', 'body'],
    ['Transfer-Encoding: gzip, chunked', '0\r\n\r\n'],
    ['Transfer-Encoding: xchunked', '0\r\n\r\n'],
  ])('framed by %j is refused', async (framing, body) => {
    const client = await connectRaw(gateway.portal.port);
    client.send(
      `POST /api/kubernetes/proxy/api HTTP/1.1\r\nHost: portal\r\nAuthorization: ${userAuthorization()}\r\n${framing}\r\nConnection: close\r\n\r\n${body}`,
    );
    expect(await client.end()).toMatch(/^HTTP\/1\.1 (400|501) /);
    expect(gateway.cluster.requests).toEqual([]);
  });
});

describe('a body for a cluster that refuses connections', () => {
  it('is read to its end, so that its sender comes to see the answer', async () => {
    const gateway = await startGateway();
    await gateway.cluster.close();
    const client = await connectRaw(gateway.portal.port);
    const size = 20 * 1024 * 1024;
    client.send(
      `POST /api/kubernetes/proxy/api HTTP/1.1\r\nHost: portal\r\nAuthorization: ${userAuthorization()}\r\nContent-Length: ${size}\r\n\r\n`,
    );
    await new Promise(resolve => {
      client.socket.write(Buffer.alloc(size), resolve);
    });
    const [, status] = await client.receive(/^HTTP\/1\.1 (\d+) /);
    expect(status).toBe('502');
    client.socket.destroy();
    await gateway.portal.stop();
  });
});

describe('request smuggling', () => {
  const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: cluster\r\n\r\n';
  const size = smuggled.length;

  it.each(
    ['DELETE', 'OPTIONS', 'GET', 'POST'].flatMap(method => [
      [
        method,
        `Content-Length: ${size}\r\n\r\n${smuggled}`,
        new RegExp(
          `content-length: ${size}\\r\\n[^]*\\r\\n\\r\\nGET /smuggled`,
          'i',
        ),
      ],
      [
        method,
        `Transfer-Encoding: chunked\r\n\r\n${size.toString(16)}\r\n${smuggled}\r\n0\r\n\r\n`,
        /transfer-encoding: chunked\r\n[^]*\r\n\r\n[0-9a-f]+\r\nGET \/smuggled/i,
      ],
    ]),
  )(
    'is not possible with a %s whose body looks like a request: %j',
    async (method, framedBody, announced) => {
      // Looks at no framing, as a lenient peer would.
      const cluster = await startRawServer((socket, number) => {
        socket.on('data', () => {
          if (cluster.received[number].includes('smuggled')) {
            socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}');
          }
        });
      });
      const gateway = await startGateway({ settings: { url: cluster.url } });
      const client = await connectRaw(gateway.portal.port);
      client.send(
        `${method} /api/kubernetes/proxy/api HTTP/1.1\r\nHost: portal\r\nAuthorization: ${userAuthorization()}\r\nConnection: close\r\n${framedBody}`,
      );
      expect(await client.end()).toMatch(/^HTTP\/1\.1 200 /);
      expect(cluster.received.join('')).toMatch(announced);
      expect(cluster.received.join('')).not.toMatch(/content-length: 0/i);
      await gateway.stop();
      await cluster.close();
    },
  );

  it('is not possible by an answer that comes before the body is read', async () => {
    const cluster = await startRawServer(socket => {
      socket.once('data', () =>
        socket.write(
          'HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\n{}' +
            'HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nsmuggled',
        ),
      );
    });
    const gateway = await startGateway({ settings: { url: cluster.url } });
    const client = await connectRaw(gateway.portal.port);
    client.send(
      `POST /api/kubernetes/proxy/api HTTP/1.1\r\nHost: portal\r\nAuthorization: ${userAuthorization()}\r\nContent-Length: 1000\r\n\r\nhalf`,
    );
    await client.receive(/^HTTP\/1\.1 413 [^]*\r\n\r\n\{\}/);
    client.socket.destroy();
    const response = await gateway.portal.fetch('/proxy/api');
    expect(response.status).toBe(413);
    expect(cluster.received.length).toBe(2);
    await gateway.stop();
    await cluster.close();
  });
});
