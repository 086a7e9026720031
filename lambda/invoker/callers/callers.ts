import { applicationLoadBalancer } from './application-load-balancer';
import type { Caller } from './caller';
import { direct } from './direct';
import { http } from './http';
import { sqs } from './sqs';
import { unrecognized } from './unrecognized';

/** All callers. Events of no two of them match, so their order has no meaning but in the error of an event that fits none. */
export const CALLERS: readonly Caller<unknown, unknown>[] = [direct, http, applicationLoadBalancer, sqs];

/** The caller of an event. An event that fits none is rejected like a direct call. */
export function callerOf(event: unknown): Caller<unknown, unknown> {
  return CALLERS.find((caller) => caller.matches(event)) ?? { ...direct, read: () => unrecognized(event, CALLERS) };
}
