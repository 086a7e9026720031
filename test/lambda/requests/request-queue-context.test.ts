import { configFrom } from '../../../lambda/requests/request-queue-context';

const ENVIRONMENT = {
  QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/111122223333/requests',
  DEAD_LETTER_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/111122223333/requests-dead-letters',
  SUBMISSION_INTERVAL_MILLISECONDS: '7500',
};

test('the settings come from the environment', () => {
  expect(configFrom(ENVIRONMENT)).toEqual({
    queueUrl: ENVIRONMENT.QUEUE_URL,
    deadLetterQueueUrl: ENVIRONMENT.DEAD_LETTER_QUEUE_URL,
    intervalMilliseconds: 7_500,
  });
});

test.each(Object.keys(ENVIRONMENT))('without %s, the function does not start', (name) => {
  expect(() => configFrom({ ...ENVIRONMENT, [name]: undefined })).toThrow(`environment variable ${name} is required`);
});
