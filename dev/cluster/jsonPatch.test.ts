import type { JsonValue } from '@backstage/types';
import { applyJsonPatch, JsonPatchError } from './jsonPatch';

type Case = [string, JsonValue, JsonValue, JsonValue];

describe('JSON patch', () => {
  // After RFC 6902, appendix A.
  it.each<Case>([
    [
      'adds a member',
      { foo: 'bar' },
      [{ op: 'add', path: '/baz', value: 'qux' }],
      { foo: 'bar', baz: 'qux' },
    ],
    [
      'adds an element',
      { foo: ['bar', 'baz'] },
      [{ op: 'add', path: '/foo/1', value: 'qux' }],
      { foo: ['bar', 'qux', 'baz'] },
    ],
    [
      'adds an element at the end',
      { foo: ['bar'] },
      [{ op: 'add', path: '/foo/-', value: ['abc'] }],
      { foo: ['bar', ['abc']] },
    ],
    [
      'removes a member',
      { baz: 'qux', foo: 'bar' },
      [{ op: 'remove', path: '/baz' }],
      { foo: 'bar' },
    ],
    [
      'removes an element',
      { foo: ['bar', 'qux', 'baz'] },
      [{ op: 'remove', path: '/foo/1' }],
      { foo: ['bar', 'baz'] },
    ],
    [
      'replaces a value',
      { baz: 'qux', foo: [1, 2] },
      [
        { op: 'replace', path: '/baz', value: 'boo' },
        { op: 'replace', path: '/foo/1', value: 3 },
      ],
      { baz: 'boo', foo: [1, 3] },
    ],
    [
      'replaces the whole document',
      { foo: 'bar' },
      [{ op: 'replace', path: '', value: { baz: 1 } }],
      { baz: 1 },
    ],
    [
      'moves a value',
      { foo: { bar: 'baz', waldo: 'fred' }, qux: { corge: 'grault' } },
      [{ op: 'move', from: '/foo/waldo', path: '/qux/thud' }],
      { foo: { bar: 'baz' }, qux: { corge: 'grault', thud: 'fred' } },
    ],
    [
      'moves an element',
      { foo: ['all', 'grass', 'cows', 'eat'] },
      [{ op: 'move', from: '/foo/1', path: '/foo/3' }],
      { foo: ['all', 'cows', 'eat', 'grass'] },
    ],
    [
      'copies a value',
      { foo: { a: 1 } },
      [
        { op: 'copy', from: '/foo', path: '/bar' },
        { op: 'replace', path: '/bar/a', value: 2 },
      ],
      { foo: { a: 1 }, bar: { a: 2 } },
    ],
    [
      'goes on after a test that holds',
      { foo: ['a', 2], bar: 1 },
      [
        { op: 'test', path: '/foo', value: ['a', 2] },
        { op: 'remove', path: '/bar' },
      ],
      { foo: ['a', 2] },
    ],
    [
      'unescapes ~1 and ~0, in that order',
      { 'example.com/a': 1, '~1': 2 },
      [
        { op: 'replace', path: '/example.com~1a', value: 3 },
        { op: 'replace', path: '/~01', value: 4 },
      ],
      { 'example.com/a': 3, '~1': 4 },
    ],
    [
      'ignores members that it does not know',
      { foo: 'bar' },
      [{ op: 'add', path: '/baz', value: 'qux', xyz: 123 }],
      { foo: 'bar', baz: 'qux' },
    ],
  ])('%s', (_, document, patch, expected) => {
    expect(applyJsonPatch(document, patch)).toEqual(expected);
  });

  it.each<[string, JsonValue, JsonValue]>([
    ['a patch that is no array', {}, { op: 'add' }],
    ['an unknown operation', {}, [{ op: 'merge', path: '/a' }]],
    ['a pointer without a slash', { a: 1 }, [{ op: 'remove', path: 'a' }]],
    ['a missing value', {}, [{ op: 'add', path: '/a' }]],
    ['a missing parent', {}, [{ op: 'add', path: '/a/b', value: 1 }]],
    ['a missing target', {}, [{ op: 'remove', path: '/a' }]],
    ['an inherited target', {}, [{ op: 'remove', path: '/toString' }]],
    ['a failed test', { a: 1 }, [{ op: 'test', path: '/a', value: '1' }]],
    ['an index past the end', [1], [{ op: 'add', path: '/2', value: 1 }]],
    ['an index with a zero', [1, 2], [{ op: 'remove', path: '/01' }]],
    ['a text as a parent', 'text', [{ op: 'add', path: '/0', value: 1 }]],
    ['the end as a target', [1], [{ op: 'remove', path: '/-' }]],
  ])('refuses %s', (_, document, patch) => {
    expect(() => applyJsonPatch(document, patch)).toThrow(JsonPatchError);
  });

  it('leaves the document as it was, also when a later operation fails', () => {
    const document = { a: { b: [1] } };
    expect(() =>
      applyJsonPatch(document, [
        { op: 'add', path: '/a/b/0', value: 0 },
        { op: 'remove', path: '/missing' },
      ]),
    ).toThrow(JsonPatchError);
    expect(document).toEqual({ a: { b: [1] } });
  });

  it('takes __proto__ for a key like any other', () => {
    applyJsonPatch({}, [{ op: 'add', path: '/__proto__', value: { a: 1 } }]);
    expect(() =>
      applyJsonPatch({}, [{ op: 'add', path: '/__proto__/a', value: 1 }]),
    ).toThrow(JsonPatchError);
    expect({}).not.toHaveProperty('a');
  });
});
