import { randomUUID } from 'node:crypto';
import type { AsyncRequest } from './async-request';
import { below } from '../app/s3-location';
import type { Uncertainties } from './assumptions';

/** Where the outcome of a request will be: one of the two. */
export interface ResultLocations {
  readonly outputLocation: string;
  /** Absent where the endpoint has no failure path. */
  readonly failureLocation?: string;
}

/** Chooses the locations of a request's outcome under the endpoint's paths. */
export function resultLocations(
  paths: { readonly outputPath: string; readonly failurePath?: string },
  request: AsyncRequest,
  inferenceId: string,
  uncertain: Uncertainties,
): ResultLocations {
  const uuid = randomUUID();
  const generated = uncertain.namesResultsAfterUuid ? uuid : inferenceId;
  const { Filename: filename, S3OutputPathExtension: extension } = request;
  const unique = uncertain.reusesFilename ? '' : `-${uuid}`;
  const named = filename && `${filename}${unique}${uncertain.suffixesFilename ? '.out' : ''}`;
  const failed = `${generated}${uncertain.marksFailureNames ? '-error' : ''}.out`;
  return {
    outputLocation: below(paths.outputPath, extension, named ?? `${generated}.out`),
    ...(paths.failurePath !== undefined && {
      failureLocation: below(
        paths.failurePath,
        uncertain.extensionExtendsFailures ? extension : undefined,
        uncertain.filenameNamesFailures ? (named ?? failed) : failed,
      ),
    }),
  };
}
