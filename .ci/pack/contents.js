/** Checks what the tarball holds: all that an installation needs, and nothing of how the package is made. */
const { execFileSync } = require('node:child_process');

const NEEDED = [
  /^package\.json$/,
  /^README\.md$/,
  /^LICENSE$/,
  /^CHANGELOG\.md$/,
  /^config\.(schema\.json|d\.ts)$/,
  /^dist\/index\.cjs\.js$/,
  /^dist\/index\.d\.ts$/,
];
const ALLOWED = [...NEEDED, /^dist\/.+\.cjs\.js(\.map)?$/, /^docs\/.+\.md$/];

const [tarball] = process.argv.slice(2);
const tar = (...args) => execFileSync('tar', args, { encoding: 'utf8' });
const files = tar('-tzf', tarball)
  .split('\n')
  .filter(line => line && !line.endsWith('/'))
  .map(line => line.replace(/^package\//, ''));
const manifest = JSON.parse(tar('-xzOf', tarball, 'package/package.json'));

const faults = [
  ...NEEDED.filter(needed => !files.some(file => needed.test(file))).map(
    needed => `nothing matches ${needed}`,
  ),
  ...files
    .filter(file => !ALLOWED.some(allowed => allowed.test(file)))
    .map(file => `${file} does not belong there`),
  ...['main', 'types', 'configSchema']
    .filter(field => !files.includes(String(manifest[field])))
    .map(field => `"${field}" names ${manifest[field]}, which is not there`),
];
if (faults.length > 0) {
  throw new Error(`${tarball}:\n  ${faults.join('\n  ')}`);
}
console.log(`${manifest.name} ${manifest.version}: ${files.length} files`);
