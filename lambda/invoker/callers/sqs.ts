import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { InvokerConfig, InvokerResponse } from '../../../lib/contract/invoker';
import { TEXT_LIMITS } from '../../../lib/contract/invoker';
import type { Context } from '../../shared/deadline';
import { timeLeft } from '../../shared/deadline';
import { MEMBER_NAMES, membersOfText } from '../members';
import { encodeBase64, encodeText } from '../payload';
import type { Draft } from '../request';
import { shown } from '../quote';

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

interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

type Submit = (record: SqsRecord) => Promise<InvokerResponse>;

/** Messages under way at once; a batch may hold 10,000, and each takes a connection. */
const CONCURRENCY = 10;

export function isSqsEvent(event: unknown): event is SqsEvent {
  const { Records: records } = (event ?? {}) as { Records?: unknown };
  return (
    Array.isArray(records) &&
    records.length > 0 &&
    records.every((record) => (record as SqsRecord | null)?.eventSource === 'aws:sqs')
  );
}

/** Serves a batch no faster than at the pace that is set, as far as the function's time allows. */
export async function serveBatch(
  { Records: records }: SqsEvent,
  { sqsPaceMilliseconds = 0 }: InvokerConfig,
  context: Context,
  submit: Submit,
): Promise<BatchAnswer> {
  const pause = Math.min(sqsPaceMilliseconds * records.length, timeLeft(context));
  const [answer] = await Promise.all([submitBatch(records, submit), sleep(pause)]);
  return answer;
}

/** Submits every message of a batch, those of one FIFO group one after the other, and tells which the queue has to keep. */
async function submitBatch(records: readonly SqsRecord[], submit: Submit): Promise<BatchAnswer> {
  const failures: { itemIdentifier: string }[] = [];
  const groups = groupsOf(records).values();
  const work = async (): Promise<void> => {
    for (const group of groups) failures.push(...(await submitInOrder(group, submit)));
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return { batchItemFailures: failures };
}

/** What follows a failure in its group is a failure too: to submit it now would overtake. */
async function submitInOrder(group: readonly SqsRecord[], submit: Submit) {
  for (const [index, record] of group.entries()) {
    const accepted = await submit(record).then(
      () => true,
      () => false,
    );
    if (!accepted) return group.slice(index).map(({ messageId }) => ({ itemIdentifier: messageId }));
  }
  return [];
}

function groupsOf(records: readonly SqsRecord[]): Map<string, SqsRecord[]> {
  const groups = new Map<string, SqsRecord[]>();
  for (const record of records) {
    // A standard queue may have groups too, which promise no order
    const group = record.eventSourceARN.endsWith('.fifo')
      ? `group ${record.attributes?.MessageGroupId}`
      : `message ${record.messageId}`;
    groups.set(group, [...(groups.get(group) ?? []), record]);
  }
  return groups;
}

/** The request of a message: its body is the payload, and its attributes are the members. Other attributes are left to their owners. */
export function fromMessage(
  { messageId, body, messageAttributes = {} }: SqsRecord,
  { resultNaming = 'inference-id' }: InvokerConfig,
): Draft {
  const given = (name: string): string | undefined => messageAttributes[name]?.stringValue;
  const encoding = given('BodyEncoding');
  const members: Record<string, string> = {
    InferenceId: messageId,
    ...Object.fromEntries(
      MEMBER_NAMES.flatMap((name) => (messageAttributes[name] === undefined ? [] : [[name, given(name) ?? '']])),
    ),
  };
  const faults = [
    ...(encoding === undefined || encoding === 'base64'
      ? []
      : [`the attribute BodyEncoding is ${shown(encoding)}: give base64 or leave it out`]),
    ...(members.InputLocation === undefined
      ? []
      : ['the attribute InputLocation is not taken: the message is the payload']),
    ...(given('EndpointName') === undefined
      ? []
      : ["the attribute EndpointName is not taken: the endpoint is this invoker's own"]),
  ];
  return {
    payload:
      encoding === 'base64' ? encodeBase64('the message', body, faults) : encodeText('the message', body, faults),
    members: membersOfText({
      ...(resultNaming === 'inference-id' && { Filename: fileNameOf(members.InferenceId!) }),
      ...members,
    }),
    faults,
    origin: { messageId },
  };
}

/** One name for the results of one id, so that those of a message that is delivered twice have the same. */
function fileNameOf(inferenceId: string): string {
  const isUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(inferenceId);
  return isUuid
    ? inferenceId.replaceAll('-', '')
    : createHash('sha256').update(inferenceId).digest('hex').slice(0, TEXT_LIMITS.Filename.max);
}
