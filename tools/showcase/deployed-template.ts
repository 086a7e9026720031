import type { Stack } from 'aws-cdk-lib';
import { Template as CdkTemplate } from 'aws-cdk-lib/assertions';
import { Template } from '../../local/app/template';

/** What stands in an ARN before a name, where it is not the name alone. And the services that have another name in ARNs. */
const PREFIXES: Readonly<Record<string, string>> = {
  'AWS::CloudWatch::Alarm': 'alarm:',
  'AWS::DynamoDB::Table': 'table/',
  'AWS::EC2::SecurityGroup': 'security-group/',
  'AWS::EC2::Subnet': 'subnet/',
  'AWS::KMS::Key': 'key/',
  'AWS::StepFunctions::StateMachine': 'stateMachine:',
};
const SERVICES: Readonly<Record<string, string>> = { 'AWS::StepFunctions::StateMachine': 'states' };

/** The template of a stack as if it had been deployed, with all that policies name. */
export class DeployedTemplate extends Template {
  constructor(private readonly source: Stack) {
    super({
      name: source.stackName,
      account: source.account,
      region: source.region,
      template: CdkTemplate.fromStack(source).toJSON(),
      assets: new Map(),
    });
  }

  /** What a token of the stack becomes. */
  public value(token: unknown): string {
    return this.resolve(this.source.resolve(token)) as string;
  }

  public override nameOf(logicalId: string): string {
    // The Ref of a state machine is its ARN, by which alone it is spoken of.
    return this.typeOf(logicalId) === 'AWS::StepFunctions::StateMachine'
      ? this.arnOf(logicalId)
      : super.nameOf(logicalId);
  }

  public override arnOf(logicalId: string): string {
    const type = this.typeOf(logicalId);
    const name = super.nameOf(logicalId);
    const { region, account } = this.stack;
    if (type === 'AWS::Logs::LogGroup') return `arn:aws:logs:${region}:${account}:log-group:${name}:*`;
    const prefix = PREFIXES[type];
    if (!prefix) return super.arnOf(logicalId);
    return `arn:aws:${SERVICES[type] ?? type.split('::')[1]!.toLowerCase()}:${region}:${account}:${prefix}${name}`;
  }

  private typeOf(logicalId: string): string {
    return this.stack.template.Resources![logicalId]!.Type;
  }
}
