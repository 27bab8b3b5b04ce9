import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { kubernetesPermissions } from '@backstage/plugin-kubernetes-common';
import {
  kubernetesAuthStrategyExtensionPoint,
  kubernetesClusterSupplierExtensionPoint,
  kubernetesFetcherExtensionPoint,
  kubernetesObjectsProviderExtensionPoint,
  kubernetesRouterExtensionPoint,
  kubernetesServiceLocatorExtensionPoint,
} from '@backstage/plugin-kubernetes-node';
import { kubernetesAuthTranslatorExtensionPoint } from './auth/extensionPoint';
import { inClusterConnection } from './clusters/inCluster';
import { ExtensionPoints } from './extensions';
import { createGateway } from './gateway';

/**
 * The Kubernetes gateway, installed in place of the stock Kubernetes backend.
 *
 * @public
 */
export const kubernetesPlugin = createBackendPlugin({
  pluginId: 'kubernetes',
  register(env) {
    const extensions = new ExtensionPoints();
    env.registerExtensionPoint(
      kubernetesAuthStrategyExtensionPoint,
      extensions,
    );
    env.registerExtensionPoint(
      kubernetesAuthTranslatorExtensionPoint,
      extensions,
    );
    env.registerExtensionPoint(
      kubernetesClusterSupplierExtensionPoint,
      extensions,
    );
    env.registerExtensionPoint(kubernetesFetcherExtensionPoint, extensions);
    env.registerExtensionPoint(
      kubernetesObjectsProviderExtensionPoint,
      extensions,
    );
    env.registerExtensionPoint(kubernetesRouterExtensionPoint, extensions);
    env.registerExtensionPoint(
      kubernetesServiceLocatorExtensionPoint,
      extensions,
    );

    env.registerInit({
      deps: {
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        config: coreServices.rootConfig,
        discovery: coreServices.discovery,
        http: coreServices.httpRouter,
        httpAuth: coreServices.httpAuth,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
      },
      async init(services) {
        const { config, http, lifecycle, logger, permissionsRegistry } =
          services;
        if (!config.has('kubernetes')) {
          logger.warn(
            'Failed to initialize kubernetes backend: valid kubernetes config is missing',
          );
          return;
        }
        const gateway = await createGateway(
          services,
          extensions,
          inClusterConnection(process.env),
        );
        http.use(gateway.router);
        lifecycle.addShutdownHook(gateway.close);
        permissionsRegistry.addPermissions(kubernetesPermissions);
      },
    });
  },
});
