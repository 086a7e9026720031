import type { LambdaContext } from '../shared/deadline';
import { Deadline } from '../shared/deadline';
import { callerOf } from './callers/callers';
import type { InvokerContext } from './invoker-context';
import { rejectTaskId } from './parsed-request';
import { RequestLog } from './request-log';
import { serve } from './serve';

/** The handler for every caller. The event's shape identifies its caller, which determines the form of the response. */
export function invokerHandler(invoker: InvokerContext) {
  const { config } = invoker;
  return (event: unknown, context: LambdaContext): Promise<unknown> => {
    const log = new RequestLog(config.endpointName, context.awsRequestId);
    return Deadline.during(
      context,
      (deadline) => {
        const caller = callerOf(event);
        const serveOne = (request: unknown): Promise<unknown> =>
          serve(invoker, rejectTaskId(caller.read(request, config)), log, deadline).then(
            (response) => caller.accepted(request, response),
            (error: unknown) => caller.failed(request, error),
          );
        return caller.batch ? caller.batch(event, serveOne) : serveOne(event);
      },
      () => {
        log.flush();
      },
    );
  };
}
