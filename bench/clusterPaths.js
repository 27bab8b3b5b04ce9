/** What the test API server serves: one object of exactly 1 kB, and a watch that never ends. */
export const objectPath = '/api/v1/namespaces/default/configmaps/bench';
export const watchPath = '/api/v1/namespaces/default/configmaps?watch=true';

const ANSWER_BYTES = 1024;

function configMap(padding) {
  return {
    kind: 'ConfigMap',
    apiVersion: 'v1',
    metadata: { name: 'bench', namespace: 'default' },
    data: { padding },
  };
}

const unpadded = JSON.stringify(configMap('')).length;
const object = configMap('x'.repeat(ANSWER_BYTES - unpadded));

export const objectBody = JSON.stringify(object);
export const watchEvent = `${JSON.stringify({ type: 'ADDED', object })}\n`;
