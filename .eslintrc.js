module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  rules: {
    'jest/expect-expect': [
      'warn',
      { assertFunctionNames: ['expect*', 'fc.assert'] },
    ],
  },
  overrides: [
    {
      // src/testing is of use to tests alone: the build follows src/index.ts, which imports none of it.
      // bench has a package.json of its own, and the rule would look for its dependencies in ours.
      files: ['src/testing/**', 'bench/**'],
      rules: { '@backstage/no-undeclared-imports': 'off' },
    },
  ],
});
