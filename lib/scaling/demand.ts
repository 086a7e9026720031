/** The name of the nth metric that counts requests which wait elsewhere, such as the messages of a request queue. */
export const demandId = (index: number) => `demand${index}`;

/** The part of the TTL that makes a request old. */
const OLD_PART = 0.25;

const demandIds = (demands: number) => Array.from({ length: demands }, (_, index) => demandId(index));

/** The newest value of the last minutes, or -1 where there is none. */
const newest = (id: string) => `FILL(FILL(${id}, REPEAT), -1)`;

/** The value of the minute. A metric that is late has none, and one that was not published for minutes counts as 0. */
const current = (id: string) => `IF(${newest(id)} < 0, 0, ${id})`;

const sumOf = (ids: readonly string[]) => ids.map(current).join(' + ');

/**
 * What target tracking compares with the target: all requests, at the endpoint and in front of it, for each instance in service.
 * The number of instances is the ratio of the two backlogs of the endpoint. There is no value before all metrics are known.
 *
 * - Without instances, the value is a little above the target whatever the backlog, so that target tracking alone starts one. It
 *   is no more than that, because target tracking may still see it when there are many.
 * - With an idle fleet and messages in front of it, the fleet is about to get them, so it does not grow.
 * - While a request is old, the fleet does not shrink, because fewer instances take longer for those that wait.
 * - If nothing is known about the endpoint, the fleet does not shrink. Waiting messages start one more instance at a time.
 *
 * @param target the target, as a number or as the text of a token, and so the TTL of a request in seconds
 */
export function trackedDemand(target: number | string, demands: number, ttl: number | string): string {
  const ids = demandIds(demands);
  const waiting = sumOf(ids);
  const total = sumOf(['backlog', ...ids]);
  const perInstance = `backlogPerInstance * (${total}) / backlog`;
  const isKept = `${current('age')} > ${OLD_PART} * ${ttl} AND ${perInstance} < ${target}`;
  const oneMore = `1.1 * ${target}`;
  const idle = waiting ? `IF(${waiting} > ${target}, ${target}, ${waiting})` : '0';
  const unknown = waiting ? `, IF(${newest('unserved')} < 0 AND ${waiting} > 0, ${oneMore})` : '';
  return (
    `IF(${current('unserved')} > 0, ${oneMore}, ` +
    `IF(${current('backlog')} > 0, IF(${isKept}, ${target}, ${perInstance}), ` +
    `IF(${newest('backlog')} >= 0, ${idle}${unknown})))`
  );
}

/** All requests while the endpoint has some and no instance, or 0. The wake policy chooses a capacity by it. */
export function wakeDemand(demands: number): string {
  const total = sumOf(['backlog', ...demandIds(demands)]);
  return `IF(unserved > 0, IF(${total} > 1, ${total}, 1), 0)`;
}
