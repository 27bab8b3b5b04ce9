import { once } from 'events';
import http from 'http';
import { ApiServer, startApiServer } from '../testing/apiServer';
import { createTransport, Transport } from './transport';

async function get(transport: Transport, path = '/'): Promise<void> {
  const request = http.get({
    ...transport.target,
    agent: transport.agent,
    path,
  });
  const [response] = await once(request, 'response');
  response.resume();
  await once(response, 'end');
}

describe('createTransport', () => {
  let server: ApiServer;
  beforeEach(async () => {
    server = await startApiServer();
  });
  afterEach(() => server.close());

  const transportTo = (url: string, idleTimeout?: number) =>
    createTransport({ url, skipTLSVerify: false }, idleTimeout);

  it.each([
    ['https://a.example', 'a.example', '', ''],
    ['https://a.example:6443/', 'a.example', '6443', ''],
    ['https://[::1]:6443/k8s/c-1/', '::1', '6443', '/k8s/c-1'],
  ])('reads %s', (url, hostname, port, basePath) => {
    const transport = transportTo(url);
    expect(transport.target).toEqual({ protocol: 'https:', hostname, port });
    expect(transport.basePath).toBe(basePath);
  });

  it('closes a connection that has been idle for too long', async () => {
    const transport = transportTo(server.url, 50);
    await get(transport);
    await server.idle();
    expect(server.accepted).toBe(1);
  });

  it('does not close a connection in use, however long it is silent', async () => {
    server.answer((_req, res) => {
      res.write('first');
      setTimeout(() => res.end('last'), 200);
    });
    const transport = transportTo(server.url, 50);
    await expect(get(transport)).resolves.toBeUndefined();
  });

  it('keeps no connection once it is retired, but lets requests finish', async () => {
    const transport = transportTo(server.url);
    await get(transport);
    let finish!: () => void;
    server.answer((_req, res) => {
      res.write('first');
      finish = () => res.end('last');
    });
    const arrived = server.nextRequest();
    const running = get(transport);
    await arrived;
    transport.retire();
    finish();
    await expect(running).resolves.toBeUndefined();
    await server.idle();
    expect(server.sockets.size).toBe(0);
  });

  it('ends everything when it is destroyed', async () => {
    server.answer((_req, res) => res.write('first'));
    const transport = transportTo(server.url);
    const arrived = server.nextRequest();
    const outcome = get(transport).catch(error => error.code);
    const { closed } = await arrived;
    transport.destroy();
    await closed;
    expect(await outcome).toBe('ECONNRESET');
  });
});
