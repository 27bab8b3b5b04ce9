import { fieldAt, KubeObject } from './kubeObject';
import type { ResourceType } from './resources';
import { badRequest } from './status';

type Matcher = (object: KubeObject) => boolean;

const labelTerm =
  /^(?:(?<absent>!)\s*)?(?<key>[\w./-]+)(?:\s*(?<operator>==|=|!=|\bnotin\b|\bin\b)\s*(?<value>[\w.-]*|\([\w.,\s-]*\)))?$/;

/**
 * A `labelSelector` as a predicate: equality- and set-based terms, all of
 * which must hold. A label that is absent satisfies `!=` and `notin`.
 */
export function labelMatcher(selector: string | null): Matcher {
  // A comma inside `in (a,b)` separates values, not terms.
  const terms = (selector ?? '').split(/,(?![^(]*\))/).map(labelTermMatcher);
  return object => terms.every(matches => matches(object));
}

function labelTermMatcher(term: string): Matcher {
  if (term.trim() === '') {
    return () => true;
  }
  const parsed = labelTerm.exec(term.trim())?.groups;
  const isSet = /in$/.test(parsed?.operator ?? '');
  if (
    !parsed ||
    (parsed.absent && parsed.operator) ||
    (parsed.operator && isSet !== parsed.value.startsWith('('))
  ) {
    throw badRequest(`unable to parse requirement: "${term}"`);
  }
  const { absent, key, operator } = parsed;
  if (!operator) {
    return object => (labelOf(object, key) === undefined) === Boolean(absent);
  }
  const values = parsed.value.replace(/[()]/g, '').split(',');
  const wanted = new Set(values.map(value => value.trim()));
  const negated = operator === '!=' || operator === 'notin';
  return object => {
    const label = labelOf(object, key);
    return (label !== undefined && wanted.has(label)) !== negated;
  };
}

function labelOf(object: KubeObject, key: string) {
  const labels = object.metadata.labels ?? {};
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

/** A `fieldSelector` as a predicate, for the fields the type can select by. */
export function fieldMatcher(
  type: ResourceType,
  selector: string | null,
): Matcher {
  const selectable = [
    'metadata.name',
    'metadata.namespace',
    ...type.selectableFields,
  ];
  const terms = (selector ?? '').split(',').filter(Boolean);
  const matchers = terms.map((term): Matcher => {
    const parsed = /^(?<field>[^=!]+)(?<operator>==|=|!=)(?<value>.*)$/.exec(
      term.trim(),
    )?.groups;
    if (!parsed) {
      throw badRequest(`invalid selector: '${term}'; can't understand it`);
    }
    const { field, operator, value } = parsed;
    if (!selectable.includes(field)) {
      throw badRequest(`field label not supported: ${field}`);
    }
    return object =>
      (String(fieldAt(object, field) ?? '') === value) === (operator !== '!=');
  });
  return object => matchers.every(matches => matches(object));
}
