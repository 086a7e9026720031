import * as iam from 'aws-cdk-lib/aws-iam';
import type { aws_sagemaker as sagemaker } from 'aws-cdk-lib/interfaces';
import { requiredDetails } from './endpoint-details';
import type { IAsyncInferenceEndpoint } from './endpoint-interface';
import { keyBehind } from '../shared/keys';
import { assertValid, differs } from '../shared/validation';

/** The grants of an asynchronous inference endpoint. */
export class AsyncInferenceEndpointGrants {
  /**
   * The grants of an endpoint.
   *
   * @param endpoint any endpoint, an L1 construct included. `readResults` needs an `IAsyncInferenceEndpoint`.
   */
  public static fromEndpoint(endpoint: sagemaker.IEndpointRef): AsyncInferenceEndpointGrants {
    return new AsyncInferenceEndpointGrants(endpoint);
  }

  private constructor(private readonly endpoint: sagemaker.IEndpointRef) {}

  /**
   * Allows an identity to send requests: `sagemaker:InvokeEndpointAsync` on this endpoint, and nothing else. An inline payload
   * needs no permission on any bucket.
   *
   * The name and the ARN of an endpoint are literals, so a grant does not order anything: if the grantee uses the endpoint while
   * it is being created, add a dependency on the endpoint. The ARN of an endpoint whose name is only known at deployment is a
   * reference to the endpoint, so grant it to no role that the endpoint depends on, such as its execution role. This would be a
   * cycle.
   *
   * @param grantee a role, user or group of the account of the endpoint
   * @throws if the grantee belongs to another account or is not an IAM identity
   * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
   */
  public invokeAsync(grantee: iam.IGrantable): iam.Grant {
    const { account } = this.endpoint.env;
    const theirs = grantee.grantPrincipal.principalAccount;
    const isForeign = theirs !== undefined && differs(theirs, account);
    assertValid(this.endpoint, [
      isForeign
        ? `grants.invokeAsync got a grantee of account ${theirs}, and the policy of an endpoint cannot allow other accounts: ` +
          `grant to a role in ${account}, and let the grantee assume that role`
        : undefined,
    ]);
    const grant = iam.Grant.addToPrincipal({
      grantee,
      actions: ['sagemaker:InvokeEndpointAsync'],
      resourceArns: [this.endpoint.endpointRef.endpointArn],
    });
    assertValid(this.endpoint, [
      grant.success
        ? undefined
        : 'grants.invokeAsync got a grantee without an IAM policy, and the policy of an endpoint cannot allow it: ' +
          'grant to a role, user or group that can be modified',
    ]);
    return grant;
  }

  /**
   * Allows an identity to read results and failures: `s3:GetObject` on the two prefixes, `s3:ListBucket` on the bucket, and
   * `kms:Decrypt` on the key of the results, which may be the key of a given bucket. Without `s3:ListBucket`, S3 responds with 403
   * instead of 404 for a result that does not exist yet.
   *
   * @throws if the endpoint is not an `IAsyncInferenceEndpoint`, or if its bucket or prefixes are not known
   */
  public readResults(grantee: iam.IGrantable): iam.Grant {
    const endpoint = this.endpoint as IAsyncInferenceEndpoint;
    const { outputBucket: resource, ...prefixes } = requiredDetails(
      endpoint,
      'outputBucket',
      'outputPrefix',
      'failurePrefix',
    );
    const reading = iam.Grant.addToPrincipalOrResource({
      grantee,
      resource,
      actions: ['s3:GetObject'],
      resourceArns: [prefixes.outputPrefix, prefixes.failurePrefix].map((prefix) =>
        resource.arnForObjects(`${prefix}/*`),
      ),
    }).combine(
      iam.Grant.addToPrincipalOrResource({
        grantee,
        resource,
        actions: ['s3:ListBucket'],
        resourceArns: [resource.bucketArn],
      }),
    );
    const keys = [endpoint.attributes.outputEncryptionKey, resource.encryptionKey].map(keyBehind);
    return [...new Set(keys)]
      .filter((key) => key !== undefined)
      .reduce((grant, key) => grant.combine(key.grantDecrypt(grantee)), reading);
  }
}
