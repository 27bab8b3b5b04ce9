import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { Gateway, startGateway } from '../testing/gateway';
import { userAuthorization } from '../testing/portal';
import { connectRaw } from '../testing/rawClient';

/** A plugin that takes WebSockets, after which the portal's server has an `upgrade` listener. */
const webSocketPlugin = createBackendPlugin({
  pluginId: 'signals',
  register(env) {
    env.registerInit({
      deps: { http: coreServices.httpRouter },
      async init({ http }) {
        http.addWebSocketHandler({
          path: '/ws',
          handler: ({ socket }) => {
            socket.destroy();
          },
        });
      },
    });
  },
});

async function upgrade(gateway: Gateway, protocol: string): Promise<string> {
  const client = await connectRaw(gateway.portal.port);
  client.send(
    [
      'GET /api/kubernetes/proxy/api/v1/namespaces/a/pods/b/exec HTTP/1.1',
      'Host: portal',
      `Authorization: ${userAuthorization()}`,
      'Connection: keep-alive, Upgrade',
      `Upgrade: ${protocol}`,
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      '',
      '',
    ].join('\r\n'),
  );
  const [answer] = await client.receive(/^HTTP\/1\.1 \d+ [^]*\r\n\r\n/);
  client.socket.destroy();
  return answer;
}

describe('an upgrade', () => {
  it.each(['websocket', 'WebSocket', 'SPDY/3.1'])(
    'to %s is refused, and does not reach the cluster',
    async protocol => {
      const gateway = await startGateway();
      expect(await upgrade(gateway, protocol)).toMatch(/^HTTP\/1\.1 501 /);
      expect(gateway.cluster.requests).toEqual([]);
      await gateway.stop();
    },
  );

  it('is refused beside a plugin that takes WebSockets', async () => {
    const gateway = await startGateway({ features: [webSocketPlugin] });
    expect(await upgrade(gateway, 'websocket')).toMatch(/^HTTP\/1\.1 404 /);
    expect(gateway.cluster.requests).toEqual([]);
    await gateway.stop();
  });
});
