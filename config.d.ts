import type { HumanDuration } from '@backstage/types';

export interface Config {
  /** The Kubernetes plugin. */
  kubernetes?: {
    /**
     * The kinds of objects that are fetched for an entity. Default: every kind below except `secrets`,
     * `persistentvolumes` and `persistentvolumeclaims`. The values of secrets are masked.
     */
    objectTypes?: Array<
      | 'pods'
      | 'services'
      | 'configmaps'
      | 'deployments'
      | 'limitranges'
      | 'resourcequotas'
      | 'replicasets'
      | 'horizontalpodautoscalers'
      | 'jobs'
      | 'cronjobs'
      | 'ingresses'
      | 'customresources'
      | 'statefulsets'
      | 'daemonsets'
      | 'secrets'
      | 'persistentvolumes'
      | 'persistentvolumeclaims'
    >;

    /** How the clusters of an entity are found. */
    serviceLocatorMethod: {
      /**
       * `multiTenant`: every cluster. `singleTenant`: the one that the entity's annotation
       * `backstage.io/kubernetes-cluster` names. `catalogRelation`: those that the entity depends on in the catalog.
       */
      type: 'multiTenant' | 'singleTenant' | 'catalogRelation';
    };

    /**
     * Whether a locator that fails is logged and the clusters of the others are served. Default: false, it fails the
     * request.
     */
    clusterLocatorContinueOnError?: boolean;

    /** Where the clusters come from. */
    clusterLocatorMethods: Array<
      | {
          /**
           * The clusters that are listed here.
           *
           * @visibility frontend
           */
          type: 'config';
          clusters: Array<{
            /**
             * The address of the API server, `http:` or `https:`. A path is kept.
             *
             * @visibility frontend
             */
            url: string;
            /**
             * What a request names the cluster by. Unique.
             *
             * @visibility frontend
             */
            name: string;
            /**
             * What people are shown. Default: the name.
             *
             * @visibility frontend
             */
            title?: string;
            /**
             * The bearer token for the auth provider `serviceAccount`. Default: that of the portal's own pod.
             *
             * @visibility secret
             */
            serviceAccountToken?: string;
            /**
             * Who authenticates requests to the cluster, such as `serviceAccount` or `oidc`. Required, here or as
             * `kubernetes.io/auth-provider` in `authMetadata`, which wins.
             *
             * @visibility frontend
             */
            authProvider?: string;
            /** The ARN of the IAM role to assume, for the auth provider `aws`. */
            assumeRole?: string;
            /**
             * The external ID to assume the IAM role with, if its trust policy asks for one.
             *
             * @visibility secret
             */
            externalId?: string;
            /**
             * Further settings for the auth provider. They win over the keys beside this one.
             *
             * @visibility secret
             */
            authMetadata?: { [key: string]: string };
            /**
             * The portal's auth provider that issues the ID token, such as `okta`. Required by the auth provider
             * `oidc`.
             *
             * @visibility frontend
             */
            oidcTokenProvider?: string;
            /**
             * Trusts whoever answers at `url`, without a check of its certificate. Default: false.
             *
             * @visibility frontend
             */
            skipTLSVerify?: boolean;
            /**
             * Leaves out the metrics of pods. Default: false.
             *
             * @visibility frontend
             */
            skipMetricsLookup?: boolean;
            /**
             * The certificate authorities to trust, PEM in base64. Default: those of the system.
             *
             * @visibility secret
             */
            caData?: string;
            /**
             * The path of a PEM file with the certificate authorities to trust. Wins over `caData`.
             *
             * @visibility secret
             */
            caFile?: string;
            /**
             * Custom resources to fetch for an entity from this cluster. Default: `kubernetes.customResources`.
             */
            customResources?: Array<{
              group: string;
              apiVersion: string;
              plural: string;
            }>;
            /** The address of the cluster's dashboard, for links to its objects. Default: no links. */
            dashboardUrl?: string;
            /** The kind of that dashboard, such as `standard`, `rancher` or `openshift`. Default: `standard`. */
            dashboardApp?: string;
            /** What else it takes to form a link to that dashboard. */
            dashboardParameters?: object;
          }>;
        }
      | {
          /**
           * The `Resource` entities of type `kubernetes-cluster` in the catalog.
           *
           * @visibility frontend
           */
          type: 'catalog';
          /**
           * Host names, such as `127.0.0.1` or `*.example.com`, at which an entity's cluster may be reached by HTTP
           * or at an address that is not public. Default: none.
           *
           * @visibility frontend
           */
          dangerouslyAllowClusterUrls?: string[];
          /**
           * Whether an entity's annotation may switch off the check of its cluster's certificate. Default: false.
           *
           * @visibility frontend
           */
          dangerouslyAllowSkipTLSVerify?: boolean;
        }
      | {
          /**
           * The cluster behind a `kubectl proxy` on this machine.
           *
           * @visibility frontend
           */
          type: 'localKubectlProxy';
        }
      | {
          /**
           * The clusters of a Google Cloud project.
           *
           * @visibility frontend
           */
          type: 'gke';
          /**
           * The project's ID.
           *
           * @visibility frontend
           */
          projectId: string;
          /**
           * The region of the clusters. Default: `-`, every region.
           *
           * @visibility frontend
           */
          region?: string;
          /**
           * `google` or `googleServiceAccount`. Default: `google`.
           *
           * @visibility frontend
           */
          authProvider?: string;
          /**
           * Trusts whoever answers, without a check of the certificate. Default: false.
           *
           * @visibility frontend
           */
          skipTLSVerify?: boolean;
          /**
           * Leaves out the metrics of pods. Default: false.
           *
           * @visibility frontend
           */
          skipMetricsLookup?: boolean;
          /**
           * The address by which clusters are reached: their public IP address or the DNS name of their control
           * plane. Default: `public`.
           *
           * @visibility frontend
           */
          endpointType?: 'public' | 'dns';
          /** Whether links lead to the Google Cloud console. Default: false. */
          exposeDashboard?: boolean;
          /** The labels that a cluster must have, all of them. Default: none. */
          matchingResourceLabels?: Array<{ key: string; value: string }>;
        }
    >;

    /** Custom resources to fetch for an entity from every cluster that lists none itself. Default: none. */
    customResources?: Array<{
      group: string;
      apiVersion: string;
      plural: string;
    }>;

    /**
     * The key of a Google service account as JSON, for the auth provider `googleServiceAccount`. Default: the
     * credentials of the environment.
     *
     * @visibility secret
     */
    googleServiceAccountCredentials?: string;

    /** API versions to fetch objects by, for clusters that lack the default ones. */
    apiVersionOverrides?: {
      pods?: string;
      services?: string;
      configmaps?: string;
      deployments?: string;
      limitranges?: string;
      resourcequotas?: string;
      replicasets?: string;
      horizontalpodautoscalers?: string;
      jobs?: string;
      cronjobs?: string;
      ingresses?: string;
      customresources?: string;
      statefulsets?: string;
      daemonsets?: string;
    };

    /** The proxy to the API servers. */
    proxy?: {
      /** The cluster of requests that name none. Default: the only cluster, if there is just one. */
      defaultCluster?: string;

      /**
       * How long a decision that ALLOWs holds for a user's GET and HEAD requests: how long a user keeps reading after
       * the permission policy has changed its mind. `{ seconds: 0 }` asks for each. Requests that write, and those to `exec`,
       * `attach`, `portforward` and `proxy` subresources, ask each time. Default: 5 s.
       */
      permissionCacheTtl?: HumanDuration | string;

      /** How long it may take to connect to a cluster, TLS handshake included. After that: 504. Default: 10 s. */
      connectTimeout?: HumanDuration | string;

      /**
       * How long a cluster may take from the end of the request to the headers of its answer. After that: 504. Nothing
       * limits an answer that has begun, such as a watch. Default: 75 s, since an API server gives up after 60 s and
       * its own answer says more.
       */
      responseTimeout?: HumanDuration | string;

      /**
       * Request headers to let through that are dropped otherwise, such as `X-Forwarded-For`, in any case. Naming one
       * that is never forwarded, such as `Authorization` or `Cookie`, stops the start. Default: none.
       */
      forwardHeaders?: string[];

      /**
       * DANGER: with this on, whoever may use the proxy decides who they are in the cluster. A browser that sends
       * `Impersonate-User: admin` acts as `admin` wherever the portal's own identity may impersonate, and a service
       * account that may impersonate freely is as good as cluster-admin. Turn it on only if every cluster identity of
       * this portal may impersonate nobody that its callers should not be. Off, a request with such a header is
       * refused with 403. Default: false.
       */
      dangerouslyForwardImpersonationHeaders?: boolean;

      /** Accepted for the configuration of the stock plugin. No effect: nothing is cached that it could size. */
      middlewareCache?: {
        maxSize?: number;
        ttl?: {
          /** In milliseconds. */
          milliseconds?: number;
        };
      };
    };

    /** The terminal in a pod's container. */
    podExecTerminal?: {
      /**
       * Whether the frontend offers it. Default: false.
       *
       * @visibility frontend
       */
      enabled?: boolean;
    };

    /** What the frontend offers. */
    frontend?: {
      /** The deletion of pods. */
      podDelete?: {
        /**
         * Whether the frontend offers it. Default: false.
         *
         * @visibility frontend
         */
        enabled?: boolean;
      };
    };
  };
}
