import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { TEXT_LIMITS } from '../../../lib/contract/invoker';
import { TRUSTED_SQS_ATTRIBUTES } from '../../../lib/contract/sqs-attributes';
import { timeLeft } from '../../shared/deadline';
import { MEMBER_NAMES, membersOfText } from '../members';
import { encodeBase64, encodeText } from '../payload';
import { quote } from '../quote';
import type { Caller } from './caller';

interface SqsRecord {
  readonly messageId: string;
  readonly body: string;
  readonly eventSource: string;
  readonly eventSourceARN: string;
  readonly attributes?: { readonly MessageGroupId?: string };
  readonly messageAttributes?: Readonly<Record<string, { readonly stringValue?: string; readonly dataType: string }>>;
}

interface SqsEvent {
  readonly Records: readonly SqsRecord[];
}

interface BatchItemFailure {
  readonly itemIdentifier: string;
}

/** The messages that are submitted at a time. A batch may have 10,000, and each takes a connection. */
const CONCURRENCY = 10;

/** An SQS queue, by an event source mapping with partial batch responses. A message is a request. */
export const sqs: Caller<SqsEvent, SqsRecord> = {
  name: 'SQS queue',
  event: 'the event of an SQS queue',
  matches(event): event is SqsEvent {
    const { Records: records } = (event ?? {}) as { Records?: unknown };
    return (
      Array.isArray(records) &&
      records.length > 0 &&
      records.every((record) => (record as SqsRecord | null)?.eventSource === 'aws:sqs')
    );
  },

  /** The body is the payload, and the attributes are the members. Attributes of other names are ignored. */
  read({ messageId, body, messageAttributes = {} }, { trustedSqsAttributes = [], sqsResultNaming = 'inference-id' }) {
    const given = (name: string): string | undefined => messageAttributes[name]?.stringValue;
    const encoding = given('BodyEncoding');
    const members: Record<string, string> = {
      InferenceId: messageId,
      ...Object.fromEntries(
        MEMBER_NAMES.flatMap((name) => (messageAttributes[name] === undefined ? [] : [[name, given(name) ?? '']])),
      ),
    };
    const untrusted = TRUSTED_SQS_ATTRIBUTES.filter(
      (name) => members[name] !== undefined && !trustedSqsAttributes.includes(name),
    );
    const errors = [
      ...(encoding === undefined || encoding === 'base64'
        ? []
        : [`the attribute BodyEncoding is ${quote(encoding)}: give base64 or leave it out`]),
      ...untrusted.map((name) => `the attribute ${name} is not allowed here: leave it out`),
      ...(members.InputLocation === undefined
        ? []
        : ['the attribute InputLocation is not supported: the message is the payload']),
      ...(given('EndpointName') === undefined
        ? []
        : ["the attribute EndpointName is not supported: requests go to this invoker's own endpoint"]),
    ];
    const encode = encoding === 'base64' ? encodeBase64 : encodeText;
    return {
      payload: encode('the message', body, errors),
      members: membersOfText({
        ...(sqsResultNaming === 'inference-id' && { Filename: fileNameOf(members.InferenceId!) }),
        ...members,
      }),
      errors,
      origin: { messageId },
    };
  },
  accepted: () => undefined,
  failed: ({ messageId }): BatchItemFailure => ({ itemIdentifier: messageId }),

  /** Takes no less time than the pace that is set, as far as the function's time allows. */
  async batch({ Records: records }, serve, { sqsPaceMilliseconds = 0 }, context) {
    const failures: BatchItemFailure[] = [];
    const groups = groupsOf(records).values();
    const work = async (): Promise<void> => {
      for (const group of groups) failures.push(...(await serveInOrder(group, serve)));
    };
    const pause = Math.min(sqsPaceMilliseconds * records.length, timeLeft(context));
    await Promise.all([...Array.from({ length: CONCURRENCY }, work), sleep(pause)]);
    return { batchItemFailures: failures };
  },
};

/** What follows a failure in its group fails too: if it were submitted now, it would overtake. */
async function serveInOrder(
  group: readonly SqsRecord[],
  serve: (record: SqsRecord) => Promise<unknown>,
): Promise<BatchItemFailure[]> {
  for (const [index, record] of group.entries()) {
    const failure = await serve(record);
    if (failure !== undefined) return group.slice(index).map(({ messageId }) => ({ itemIdentifier: messageId }));
  }
  return [];
}

function groupsOf(records: readonly SqsRecord[]): Map<string, SqsRecord[]> {
  const groups = new Map<string, SqsRecord[]>();
  for (const record of records) {
    // A standard queue may have message groups too, which guarantee no order.
    const group = record.eventSourceARN.endsWith('.fifo')
      ? `group ${record.attributes?.MessageGroupId}`
      : `message ${record.messageId}`;
    groups.set(group, [...(groups.get(group) ?? []), record]);
  }
  return groups;
}

/** One file name for one InferenceId, so that the results of a message that is delivered twice have the same name. */
function fileNameOf(inferenceId: string): string {
  const isUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(inferenceId);
  return isUuid
    ? inferenceId.replaceAll('-', '')
    : createHash('sha256').update(inferenceId).digest('hex').slice(0, TEXT_LIMITS.Filename.max);
}
