import { RemovalPolicy } from 'aws-cdk-lib';
import { TOGETHER } from './composition';
import { IS_LONG, sweepLayout } from './sweep-layout';

/** The endpoint has the removal policy RETAIN, which keeps what is in service and nothing that an update supersedes. */
sweepLayout({
  name: 'retained',
  layout: TOGETHER,
  removalPolicy: RemovalPolicy.RETAIN,
  select: ({ prop }) =>
    (IS_LONG || /Key$|Topic$|logGroup$/.test(prop)) &&
    /^AsyncInferenceEndpoint(Props\.|$)|^AsyncInferenceScalingProps|^InputBucketOptions/.test(prop),
});
