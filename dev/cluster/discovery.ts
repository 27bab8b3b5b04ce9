import type { JsonObject } from '@backstage/types';
import { groupVersion, ResourceType, resourceTypes } from './resources';

export const serverVersion = {
  major: '1',
  minor: '32',
  gitVersion: 'v1.32.0-demo',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: '',
  platform: 'linux/amd64',
};

const objectVerbs = [
  'create',
  'delete',
  'get',
  'list',
  'patch',
  'update',
  'watch',
];

/** Every document of API discovery and OpenAPI v3, by its path. */
export function discoveryDocuments(): Map<string, JsonObject> {
  const documents = new Map<string, JsonObject>([
    ['/version', serverVersion],
    ['/api', { kind: 'APIVersions', versions: ['v1'] }],
    ['/apis', groupList()],
    ['/openapi/v3', openApiIndex()],
  ]);
  for (const [prefix, types] of servedVersions()) {
    documents.set(`/${prefix}`, resourceList(types));
    documents.set(`/openapi/v3/${prefix}`, openApi(prefix, types));
  }
  for (const group of apiGroups()) {
    documents.set(`/apis/${group.name}`, {
      kind: 'APIGroup',
      apiVersion: 'v1',
      ...group,
    });
  }
  return documents;
}

/** `api/v1`, `apis/apps/v1` … with what is served there. */
function servedVersions() {
  const versions = new Map<string, ResourceType[]>();
  for (const type of resourceTypes) {
    const prefix = `${type.group ? 'apis' : 'api'}/${groupVersion(type)}`;
    versions.set(prefix, [...(versions.get(prefix) ?? []), type]);
  }
  return versions;
}

function apiGroups() {
  const groups = new Map(
    resourceTypes
      .filter(({ group }) => group)
      .map(type => [type.group, type.version]),
  );
  return [...groups].map(([name, version]) => {
    const preferred = { groupVersion: `${name}/${version}`, version };
    return { name, versions: [preferred], preferredVersion: preferred };
  });
}

function groupList() {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: apiGroups() };
}

function resourceList(types: ResourceType[]) {
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: groupVersion(types[0]),
    resources: types.flatMap(type => [
      {
        name: type.plural,
        singularName: type.singular,
        namespaced: type.namespaced,
        kind: type.kind,
        verbs: objectVerbs,
        shortNames: type.shortNames,
        categories: type.categories,
      },
      ...type.subresources.map(subresource => ({
        name: `${type.plural}/${subresource}`,
        singularName: '',
        namespaced: type.namespaced,
        kind: type.kind,
        verbs: subresource === 'log' ? ['get'] : ['get', 'patch', 'update'],
      })),
    ]),
  };
}

function openApiIndex() {
  const paths = Object.fromEntries(
    [...servedVersions().keys()].map(prefix => [
      prefix,
      { serverRelativeURL: `/openapi/v3/${prefix}` },
    ]),
  );
  return { paths };
}

/**
 * No schemas, only that a PATCH takes `fieldValidation`: what kubectl looks for
 * before it leaves validation to the server (KEP-2885). Without it, `kubectl
 * apply` wants the whole OpenAPI v2 document.
 */
function openApi(prefix: string, types: ResourceType[]) {
  const paths = Object.fromEntries(
    types.map(({ group, version, kind, plural, namespaced }) => [
      `/${prefix}/${namespaced ? 'namespaces/{namespace}/' : ''}${plural}/{name}`,
      {
        patch: {
          parameters: [
            {
              name: 'fieldValidation',
              in: 'query',
              schema: { type: 'string' },
            },
          ],
          responses: { 200: { description: 'OK' } },
          'x-kubernetes-action': 'patch',
          'x-kubernetes-group-version-kind': { group, version, kind },
        },
      },
    ]),
  );
  return {
    openapi: '3.0.0',
    info: { title: 'Demo cluster', version: serverVersion.gitVersion },
    paths,
    components: { schemas: {} },
  };
}
