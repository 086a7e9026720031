import { fromCallbackEnvironment, toCallbackEnvironment } from '../../../lib/contract/callback';
import type { CallbackConfig } from '../../../lib/contract/callback';

const CONFIG: CallbackConfig = { tableName: 'Tasks', maxInlineResultBytes: 200_000 };

test('a configuration read from its environment is unchanged', () => {
  expect(fromCallbackEnvironment({ PATH: '/bin', ...toCallbackEnvironment(CONFIG) })).toEqual(CONFIG);
});

test.each(Object.keys(toCallbackEnvironment(CONFIG)))('an environment without %s is an error', (variable) => {
  expect(() => fromCallbackEnvironment({ ...toCallbackEnvironment(CONFIG), [variable]: undefined })).toThrow(
    `environment variable ${variable} is required`,
  );
});
