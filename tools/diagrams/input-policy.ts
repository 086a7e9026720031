import { MAX_INLINE_PAYLOAD_BYTES } from '../../lib/contract/invoker';
import { arrow, box, text } from './svg';
import type { Picture } from './svg';

export function inputPolicy(): Picture {
  const limit = MAX_INLINE_PAYLOAD_BYTES.toLocaleString('en-US');
  const question = { fill: 'blueTint', border: 'blue' } as const;
  const policy = { fill: 'greenTint', border: 'green' } as const;
  const body = [
    box(
      { x: 24, y: 24, width: 300, height: 62 },
      { title: ['Must payloads be kept,', 'for an audit or a replay?'], ...question },
    ),
    box(
      { x: 24, y: 150, width: 300, height: 62 },
      { title: ['Can a payload have', `more than ${limit} bytes?`], ...question },
    ),
    box(
      { x: 24, y: 276, width: 300, height: 62 },
      { title: ['Can a payload be too large', 'for the caller of the invoker?'], ...question },
    ),
    box(
      { x: 430, y: 24, width: 400, height: 62 },
      { title: 'InputPolicy.alwaysS3()', lines: ['all payloads go through S3, which keeps them'], ...policy },
    ),
    box(
      { x: 430, y: 150, width: 400, height: 62 },
      { title: 'InputPolicy.inline(), the default', lines: ['no bucket, and no permission on any'], ...policy },
    ),
    box(
      { x: 430, y: 276, width: 400, height: 62 },
      { title: 'InputPolicy.bySize()', lines: ['small payloads inline, larger ones through S3'], ...policy },
    ),
    box(
      { x: 430, y: 402, width: 400, height: 62 },
      {
        title: 'InputPolicy.bySize() and InputLocation',
        lines: ['upload the largest ones under its prefix'],
        ...policy,
      },
    ),
    text([24, 402], 'Lambda: 6 MB, or 1 MB if nobody waits.', { color: 'muted' }),
    text([24, 420], 'SQS: 1 MiB. Base64 leaves 3/4 of that.', { color: 'muted' }),
    arrow(
      [
        [324, 55],
        [430, 55],
      ],
      { label: ['yes'] },
    ),
    arrow(
      [
        [174, 86],
        [174, 150],
      ],
      { label: ['no'], labelAt: [190, 122], labelAnchor: 'start' },
    ),
    arrow(
      [
        [324, 181],
        [430, 181],
      ],
      { label: ['no'] },
    ),
    arrow(
      [
        [174, 212],
        [174, 276],
      ],
      { label: ['yes'], labelAt: [190, 248], labelAnchor: 'start' },
    ),
    arrow(
      [
        [324, 307],
        [430, 307],
      ],
      { label: ['no'] },
    ),
    arrow(
      [
        [270, 338],
        [270, 366],
        [380, 366],
        [380, 433],
        [430, 433],
      ],
      { label: ['yes'], labelAt: [326, 358] },
    ),
  ].join('');
  return {
    name: 'input-policy',
    title: 'Choose an input policy',
    description:
      'A decision tree. If payloads must be kept for an audit or a replay, use InputPolicy.alwaysS3(). ' +
      `Otherwise, if no payload has more than ${limit} bytes, use InputPolicy.inline(), which is the default. ` +
      'Otherwise, use InputPolicy.bySize(). If a payload can be too large for the caller of the invoker, upload it under the prefix of the ' +
      'policy and send its InputLocation.',
    width: 860,
    height: 490,
    body,
  };
}
