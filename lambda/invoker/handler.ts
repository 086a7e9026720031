import type { Context } from './deadline';
import { fromDirectCall } from './direct';
import { acceptedAnswer, fromHttpCall, isHttpEvent, problemAnswer } from './http';
import { serve } from './serve';
import { fromMessage, isSqsEvent, serveBatch } from './sqs';
import type { Outlet } from './submit';

/** The handler for every kind of caller: the event tells which by its own marks, and gets the answer that this kind expects. */
export function createHandler(outlet: Outlet) {
  const { config } = outlet;
  return async (event: unknown, context: Context) => {
    if (isSqsEvent(event)) return serveBatch(event, config, context, (record) => serve(outlet, fromMessage(record, config), context));
    if (!isHttpEvent(event)) return serve(outlet, fromDirectCall(event), context);
    return serve(outlet, fromHttpCall(event, config), context).then(acceptedAnswer, (error: unknown) => problemAnswer(event, error));
  };
}
