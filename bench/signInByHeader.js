import { createBackendModule } from '@backstage/backend-plugin-api';
import {
  authProvidersExtensionPoint,
  createProxyAuthenticator,
  createProxyAuthProviderFactory,
} from '@backstage/plugin-auth-node';
import { userHeader } from './signIn.js';

/** Signs in whoever the caller says it is. Never outside of this folder: guest sign-in has only one user. */
export const signInByHeader = createBackendModule({
  pluginId: 'auth',
  moduleId: 'bench-provider',
  register(env) {
    env.registerInit({
      deps: { providers: authProvidersExtensionPoint },
      async init({ providers }) {
        providers.registerProvider({
          providerId: 'bench',
          factory: createProxyAuthProviderFactory({
            authenticator: createProxyAuthenticator({
              defaultProfileTransform: async () => ({ profile: {} }),
              initialize() {},
              async authenticate({ req }) {
                return { result: `user:default/${req.get(userHeader)}` };
              },
            }),
            async signInResolver({ result: userRef }, context) {
              return context.issueToken({
                claims: { sub: userRef, ent: [userRef] },
              });
            },
          }),
        });
      },
    });
  },
});
