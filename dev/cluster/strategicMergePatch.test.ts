import { applyStrategicMergePatch } from './strategicMergePatch';

const pod = {
  containers: [
    { name: 'web', image: 'web:1', env: [{ name: 'A', value: '1' }] },
    { name: 'sidecar', image: 'sidecar:1' },
  ],
  tolerations: [{ key: 'a' }],
};

describe('strategic merge patch', () => {
  it('merges containers by name', () => {
    expect(
      applyStrategicMergePatch(pod, {
        containers: [{ name: 'web', image: 'web:2' }],
      }),
    ).toEqual({
      ...pod,
      containers: [{ ...pod.containers[0], image: 'web:2' }, pod.containers[1]],
    });
  });

  it('adds an element whose key is new', () => {
    const patched = applyStrategicMergePatch(pod, {
      containers: [{ name: 'new', image: 'new:1' }],
    });
    expect(patched).toHaveProperty('containers.length', 3);
    expect(patched).toHaveProperty('containers.2.name', 'new');
  });

  it('merges nested lists by their own keys', () => {
    const patch = {
      containers: [{ name: 'web', env: [{ name: 'B', value: '2' }] }],
    };
    expect(applyStrategicMergePatch(pod, patch)).toHaveProperty(
      'containers.0.env',
      [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
    );
  });

  it('takes the ports of a container and of a Service by different keys', () => {
    expect(
      applyStrategicMergePatch(
        { ports: [{ containerPort: 80 }, { containerPort: 81 }] },
        { ports: [{ containerPort: 81, name: 'metrics' }] },
      ),
    ).toEqual({
      ports: [{ containerPort: 80 }, { containerPort: 81, name: 'metrics' }],
    });
    expect(
      applyStrategicMergePatch(
        { ports: [{ port: 80, targetPort: 8080 }] },
        { ports: [{ port: 80, name: 'http' }] },
      ),
    ).toEqual({ ports: [{ port: 80, targetPort: 8080, name: 'http' }] });
  });

  it('replaces a list that has no key', () => {
    expect(
      applyStrategicMergePatch(pod, { tolerations: [{ key: 'b' }] }),
    ).toHaveProperty('tolerations', [{ key: 'b' }]);
  });

  it('removes the element that $patch: delete names', () => {
    expect(
      applyStrategicMergePatch(pod, {
        containers: [{ $patch: 'delete', name: 'web' }],
      }),
    ).toHaveProperty('containers', [pod.containers[1]]);
  });

  it('replaces what $patch: replace is in', () => {
    expect(
      applyStrategicMergePatch(pod, {
        containers: [{ $patch: 'replace' }, { name: 'only' }],
      }),
    ).toHaveProperty('containers', [{ name: 'only' }]);
    expect(
      applyStrategicMergePatch(
        { labels: { a: '1', b: '2' } },
        { labels: { $patch: 'replace', c: '3' } },
      ),
    ).toEqual({ labels: { c: '3' } });
  });

  it('orders elements as $setElementOrder says', () => {
    expect(
      applyStrategicMergePatch(pod, {
        '$setElementOrder/containers': [
          { name: 'first' },
          { name: 'sidecar' },
          { name: 'web' },
        ],
        containers: [{ name: 'first' }],
      }),
    ).toHaveProperty('containers', [
      { name: 'first' },
      pod.containers[1],
      pod.containers[0],
    ]);
  });

  it('keeps only what $retainKeys names', () => {
    expect(
      applyStrategicMergePatch(
        { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } },
        { strategy: { $retainKeys: ['type'], type: 'Recreate' } },
      ),
    ).toEqual({ strategy: { type: 'Recreate' } });
  });

  it('merges finalizers as a set and removes those that are named', () => {
    const metadata = { finalizers: ['a', 'b'] };
    expect(
      applyStrategicMergePatch(metadata, { finalizers: ['b', 'c'] }),
    ).toEqual({ finalizers: ['a', 'b', 'c'] });
    expect(
      applyStrategicMergePatch(metadata, {
        '$deleteFromPrimitiveList/finalizers': ['a'],
      }),
    ).toEqual({ finalizers: ['b'] });
  });

  it('removes a key that is null', () => {
    expect(applyStrategicMergePatch(pod, { containers: null })).toEqual({
      tolerations: pod.tolerations,
    });
  });

  it('leaves the object it is applied to as it was', () => {
    const before = structuredClone(pod);
    applyStrategicMergePatch(pod, {
      '$setElementOrder/containers': [{ name: 'sidecar' }, { name: 'web' }],
      containers: [{ name: 'web', env: [{ name: 'A', $patch: 'delete' }] }],
    });
    expect(pod).toEqual(before);
  });
});
