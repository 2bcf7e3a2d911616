import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'node_modules/',
      'example/',
      '**/*.mjs',
      '**/*.cjs',
      'bin/',
      '.dependency-cruiser.cjs',
      'eslint.config.js',
      'test/fixtures/',
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      'no-console': 'error',
      'max-lines': ['error', { max: 260, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': [
        'error',
        {
          selector: "TSAsExpression > TSTypeReference[typeName.name='Target']",
          message: 'Only ownership/target.ts makes a Target.',
        },
        {
          selector: "CallExpression[callee.object.name='process'][callee.property.name='exit']",
          message: 'Only main.ts and hook.ts exit.',
        },
        {
          selector: "CallExpression[callee.object.name='process'][callee.property.name='kill']",
          message: 'Signals go through machine/posix/send-signal.ts.',
        },
      ],
    },
  },
  {
    files: ['src/ownership/target.ts', 'src/main.ts', 'src/hook.ts', 'src/machine/posix/send-signal.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  // Tables of data.
  { files: ['test/unit/claude/guard-table*.ts', 'test/support/seeds/*.ts'], rules: { 'max-lines': 'off' } },
  { files: ['test/**', 'bench/**'], rules: { 'no-restricted-syntax': 'off', 'no-console': 'off' } },
);
