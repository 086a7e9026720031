import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(
  {
    ignores: [
      'dist/',
      'lambda/dist/',
      'runtime/dist/',
      'pkg/',
      'bench/.*.cjs',
      'cdk.out/',
      'coverage/',
      'node_modules/',
    ],
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'separate-type-imports', disallowTypeAnnotations: false },
      ],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    // A process that must not need a compiler is plain JavaScript. tsc checks its types.
    files: ['**/*.{js,mjs,cjs}'],
    extends: [tseslint.configs.recommended, tseslint.configs.stylistic],
    rules: { '@typescript-eslint/no-require-imports': 'off', eqeqeq: 'error', 'no-console': 'error' },
  },
  {
    // The output of a check is what it prints.
    files: ['tools/checks/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    // What a template or an answer holds is JSON of any shape.
    files: ['test/**/*.ts'],
    rules: Object.fromEntries(
      ['assignment', 'member-access', 'argument', 'call', 'return'].map((use) => [
        `@typescript-eslint/no-unsafe-${use}`,
        'off',
      ]),
    ),
  },
);
