import type { Context } from './deadline';
import { Deadline } from './deadline';
import { fromDirectCall } from './direct';
import { fromHttpCall, isHttpEvent } from './http';
import { acceptedAnswer, problemAnswer } from './http-answer';
import type { Outlet } from './outlet';
import type { Draft } from './request';
import { refuseTaskId } from './request';
import { serve } from './serve';
import { fromMessage, isSqsEvent, serveBatch } from './sqs';

/** The handler for every kind of caller: the event tells which by its own marks, and gets the answer that this kind expects. */
export function createHandler(outlet: Outlet) {
  const { config } = outlet;
  return (event: unknown, context: Context) => Deadline.during<unknown>(context, async (deadline) => {
    const serveCaller = (draft: Draft) => serve(outlet, refuseTaskId(draft), context, deadline);
    if (isSqsEvent(event)) return serveBatch(event, config, context, (record) => serveCaller(fromMessage(record, config)));
    if (!isHttpEvent(event)) return serveCaller(fromDirectCall(event));
    return serveCaller(fromHttpCall(event, config)).then(acceptedAnswer, (error: unknown) => problemAnswer(event, error));
  });
}
