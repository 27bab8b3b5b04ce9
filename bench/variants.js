import { existsSync } from 'node:fs';

const built = new URL('../dist/index.cjs.js', import.meta.url);

/** The backends to compare: what is installed and how it is configured. The first is what the others are compared with. */
export const variants = [
  {
    name: 'stock',
    plugin: '@backstage/plugin-kubernetes-backend',
    configs: ['app-config.yaml'],
  },
  {
    name: 'ours',
    plugin: built.href,
    configs: ['app-config.yaml'],
  },
  {
    name: 'ours, cache off',
    plugin: built.href,
    configs: ['app-config.yaml', 'app-config.cache-off.yaml'],
  },
];

export function checkBuilt() {
  if (!existsSync(built)) {
    throw new Error('The plugin is not built: npm run build');
  }
}
