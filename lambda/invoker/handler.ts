import type { Context } from '../shared/deadline';
import { Deadline } from '../shared/deadline';
import { fromDirectCall } from './callers/direct';
import { fromHttpCall, isHttpEvent } from './callers/http';
import { acceptedAnswer, problemAnswer } from './callers/http-answer';
import type { Outlet } from './invoker-context';
import type { Draft } from './request';
import { refuseTaskId } from './request';
import { serve } from './serve';
import { fromMessage, isSqsEvent, serveBatch } from './callers/sqs';

/** The handler for every kind of caller: the event tells which by its own marks, and gets the answer that this kind expects. */
export function createHandler(outlet: Outlet) {
  const { config } = outlet;
  return (event: unknown, context: Context) =>
    Deadline.during<unknown>(context, async (deadline) => {
      const serveCaller = (draft: Draft) => serve(outlet, refuseTaskId(draft), context, deadline);
      if (isSqsEvent(event))
        return serveBatch(event, config, context, (record) => serveCaller(fromMessage(record, config)));
      if (!isHttpEvent(event)) return serveCaller(fromDirectCall(event));
      return serveCaller(fromHttpCall(event, config)).then(acceptedAnswer, (error: unknown) =>
        problemAnswer(event, error),
      );
    });
}
