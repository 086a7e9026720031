import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { parseS3Uri } from '../../lib/contract/s3-location';
import type { Credentials } from './principals';
import { LOCAL_ACCOUNT } from '../app/synthesis';

// The pinned AWS SDK runs on Node.js 20. On 20, it prints a notice that is about versions of 2027.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** The principal that creates the resources of the templates. */
const DEPLOYER: Credentials = { accessKeyId: 'LOCALDEPLOYER', secretAccessKey: 'local' };

/** Clients of S3, SNS and SQS for one principal in one region. */
export class Session {
  public readonly s3: S3Client;
  public readonly sns: SNSClient;
  public readonly sqs: SQSClient;

  constructor(
    endpoint: string,
    private readonly region: string,
    credentials: Credentials,
  ) {
    this.s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
    this.sns = new SNSClient({ endpoint, region, credentials });
    // The URL of a local queue has a host below localhost, which not every machine resolves.
    this.sqs = new SQSClient({ endpoint, region, credentials, useQueueUrlAsEndpoint: false });
  }

  public async createBucket(name: string): Promise<void> {
    await this.s3.send(new CreateBucketCommand({ Bucket: name }));
  }

  public async createTopic(topicArn: string): Promise<void> {
    await this.sns.send(new CreateTopicCommand({ Name: topicArn.split(':')[5] }));
  }

  /** Creates a queue that receives the messages of topics unchanged. Returns the URL of the queue. */
  public async createQueue(name: string, topicArns: readonly string[] = []): Promise<string> {
    const { QueueUrl } = await this.sqs.send(new CreateQueueCommand({ QueueName: name }));
    for (const topicArn of topicArns) await this.subscribe(topicArn, name, { RawMessageDelivery: 'true' });
    return QueueUrl!;
  }

  /** Subscribes a queue to a topic with the attributes of a subscription. */
  public async subscribe(topicArn: string, queueName: string, attributes: Record<string, string>): Promise<void> {
    await this.sns.send(
      new SubscribeCommand({
        TopicArn: localArn(topicArn),
        Protocol: 'sqs',
        Endpoint: `arn:aws:sqs:${this.region}:${LOCAL_ACCOUNT}:${queueName}`,
        Attributes: attributes,
      }),
    );
  }

  public async putObject(uri: string, body: Buffer, contentType?: string): Promise<void> {
    const { Bucket, Key } = parseS3Uri(uri);
    await this.s3.send(new PutObjectCommand({ Bucket, Key, Body: body, ContentType: contentType }));
  }

  public async getObject(uri: string): Promise<Buffer> {
    const { Bucket, Key } = parseS3Uri(uri);
    const { Body } = await this.s3.send(new GetObjectCommand({ Bucket, Key }));
    return Buffer.from(await Body!.transformToByteArray());
  }

  public async publish(topicArn: string, message: string): Promise<void> {
    await this.sns.send(new PublishCommand({ TopicArn: localArn(topicArn), Message: message }));
  }
}

/** The emulated services S3, SNS and SQS. */
export class Services {
  public static async start(): Promise<Services> {
    const thread = new Worker(join(__dirname, 'services-thread.mjs'));
    const [url] = (await once(thread, 'message')) as [string];
    return new Services(url, thread);
  }

  private constructor(
    /** The address of all three services on 127.0.0.1. */
    public readonly url: string,
    private readonly thread: Worker,
  ) {}

  /** Returns clients for a principal. The default principal is the deployer. */
  public session(region: string, credentials: Credentials = DEPLOYER): Session {
    return new Session(this.url, region, credentials);
  }

  public async close(): Promise<void> {
    await this.thread.terminate();
  }
}

/** Replaces the account of a topic, because the local services have only one account. */
function localArn(topicArn: string): string {
  return topicArn.replace(/:\d{12}:/, `:${LOCAL_ACCOUNT}:`);
}
