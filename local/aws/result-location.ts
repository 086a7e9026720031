import { randomUUID } from 'node:crypto';
import type { Assumptions } from './assumptions';
import type { AsyncRequest } from './async-request';

/** The locations of a result and of a failure. A request has one of them in the end. */
export interface ResultLocations {
  readonly outputLocation: string;
  /** Absent if the endpoint has no failure path. */
  readonly failureLocation?: string;
}

/** Chooses the locations of a request below the paths of its endpoint. */
export function resultLocations(
  paths: { readonly outputPath: string; readonly failurePath?: string },
  request: AsyncRequest,
  inferenceId: string,
  assumptions: Assumptions,
): ResultLocations {
  const uuid = randomUUID();
  const generatedName = assumptions.namesResultsByUuid ? uuid : inferenceId;
  const { Filename: filename, S3OutputPathExtension: extension } = request;
  const suffix = `${assumptions.overwritesSameFilename ? '' : `-${uuid}`}${assumptions.suffixesFilename ? '.out' : ''}`;
  const givenName = filename && `${filename}${suffix}`;
  const failureName = `${generatedName}${assumptions.suffixesFailureNames ? '-error' : ''}.out`;
  return {
    outputLocation: joinUri(paths.outputPath, extension, givenName ?? `${generatedName}.out`),
    ...(paths.failurePath !== undefined && {
      failureLocation: joinUri(
        paths.failurePath,
        assumptions.extendsFailurePath ? extension : undefined,
        assumptions.namesFailuresByFilename ? (givenName ?? failureName) : failureName,
      ),
    }),
  };
}

function joinUri(uri: string, ...names: readonly (string | undefined)[]): string {
  return [uri, ...names]
    .filter((name) => name !== undefined)
    .map((name) => name.replace(/^\/+|\/+$/g, ''))
    .join('/');
}
