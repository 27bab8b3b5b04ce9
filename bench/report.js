import { cpus } from 'node:os';
import { variants } from './variants.js';

const [reference, ...others] = variants.map(({ name }) => name);

export function describeMachine() {
  const [{ model }] = cpus();
  return `Node ${process.versions.node}, ${cpus().length} × ${model}.`;
}

export function describeThroughput({ rounds, seconds }) {
  return [
    `Answers per second: the median of ${rounds} rounds of ${seconds} s. Ratios: the median (lowest to highest round).`,
    'API server busy: its CPU time, in parts of one core; far from 100 %, it limits nobody.',
    '',
  ].join('\n');
}

export function limitsTable(results) {
  return [
    '',
    ...head(['For scale', 'answers/s', 'API server busy']),
    ...Object.entries(results).map(([name, { rates, apiServerBusy }]) =>
      row([name, rate(rates), percent(apiServerBusy)]),
    ),
  ].join('\n');
}

export function comparisonHead() {
  const ratios = others.map(name => `${name} / ${reference}`);
  const busy = 'API server busy';
  return head(['Load', reference, ...others, ...ratios, busy]).join('\n');
}

export function comparisonRow(load, results) {
  const all = [reference, ...others].map(name => results[name]);
  return row([
    load,
    ...all.map(({ rates }) => rate(rates)),
    ...others.map(name => ratio(results[name].rates, results[reference].rates)),
    all.map(({ apiServerBusy }) => percent(apiServerBusy)).join(', '),
  ]);
}

export function watchesHead({ watches }) {
  const opened = `${watches.toLocaleString('en')} watches opened and left`;
  return ['', ...head([opened, 'connections that remain'])].join('\n');
}

export function watchesRow(name, remaining) {
  return row([name, remaining.toLocaleString('en')]);
}

function head(columns) {
  return [row(columns), row(columns.map(() => '---'))];
}

function row(columns) {
  return `| ${columns.join(' | ')} |`;
}

function rate(rounds) {
  return Math.round(median(rounds)).toLocaleString('en');
}

function percent(rounds) {
  return `${Math.round(100 * median(rounds))} %`;
}

/** Compares within a round: what slowed the machine down then has slowed down both. */
function ratio(rounds, referenceRounds) {
  const ratios = rounds.map((value, index) => value / referenceRounds[index]);
  const [middle, lowest, highest] = [
    median(ratios),
    Math.min(...ratios),
    Math.max(...ratios),
  ].map(value => value.toFixed(1));
  return `${middle} (${lowest} to ${highest})`;
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2
    ? sorted[middle]
    : (sorted[middle - 1] + sorted[middle]) / 2;
}
