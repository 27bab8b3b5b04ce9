import { deployments, pods } from './resources';
import { humanDuration, presentationFor } from './table';

const now = () => new Date('2026-01-01T00:02:30Z');
const pod = {
  metadata: { name: 'web', creationTimestamp: '2026-01-01T00:00:00Z' },
  spec: { containers: [{ name: 'a' }, { name: 'b' }] },
  status: {
    phase: 'Running',
    containerStatuses: [
      { ready: true, restartCount: 2 },
      { ready: false, restartCount: 1 },
    ],
  },
};

describe('presentation', () => {
  it.each([undefined, '*/*', 'application/json'])(
    'leaves objects as they are for Accept %j',
    accept => {
      expect(presentationFor(pods, accept, now)(pod)).toBe(pod);
    },
  );

  it('makes a row of an object, with its metadata for the client', () => {
    const accept =
      'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
    expect(presentationFor(pods, accept, now)(pod)).toMatchObject({
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      rows: [
        {
          cells: ['web', '1/2', 'Running', 3, '2m'],
          object: { kind: 'PartialObjectMetadata', metadata: pod.metadata },
        },
      ],
    });
  });

  it('shows an object that has no status yet', () => {
    const { metadata } = pod;
    const present = presentationFor(deployments, 'a;as=Table', now);
    expect(present({ items: [{ metadata }] })).toMatchObject({
      rows: [{ cells: ['web', '0/0', 0, 0, '2m'] }],
    });
  });
});

describe('humanDuration', () => {
  it.each([
    [-5, '0s'],
    [119, '119s'],
    [120, '2m'],
    [2 * 3600 - 1, '119m'],
    [2 * 3600, '2h'],
    [47 * 3600, '47h'],
    [48 * 3600, '2d'],
  ])('shows %d seconds as %s', (seconds, text) => {
    expect(humanDuration(seconds * 1000)).toBe(text);
  });
});
