import { assertValidAt, requiredText } from '../shared/validation';

/**
 * The instance type that serves the model. AWS adds instance types often: `InstanceType.of` accepts all of them.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html
 */
export class InstanceType {
  /** ml.c5.large */
  public static readonly C5_LARGE = InstanceType.of('ml.c5.large');
  /** ml.c5.xlarge */
  public static readonly C5_XLARGE = InstanceType.of('ml.c5.xlarge');
  /** ml.c5.2xlarge */
  public static readonly C5_2XLARGE = InstanceType.of('ml.c5.2xlarge');
  /** ml.c5.4xlarge */
  public static readonly C5_4XLARGE = InstanceType.of('ml.c5.4xlarge');
  /** ml.c5.9xlarge */
  public static readonly C5_9XLARGE = InstanceType.of('ml.c5.9xlarge');
  /** ml.c5.18xlarge */
  public static readonly C5_18XLARGE = InstanceType.of('ml.c5.18xlarge');
  /** ml.c5d.large */
  public static readonly C5D_LARGE = InstanceType.of('ml.c5d.large');
  /** ml.c5d.xlarge */
  public static readonly C5D_XLARGE = InstanceType.of('ml.c5d.xlarge');
  /** ml.c5d.2xlarge */
  public static readonly C5D_2XLARGE = InstanceType.of('ml.c5d.2xlarge');
  /** ml.c5d.4xlarge */
  public static readonly C5D_4XLARGE = InstanceType.of('ml.c5d.4xlarge');
  /** ml.c5d.9xlarge */
  public static readonly C5D_9XLARGE = InstanceType.of('ml.c5d.9xlarge');
  /** ml.c5d.18xlarge */
  public static readonly C5D_18XLARGE = InstanceType.of('ml.c5d.18xlarge');
  /** ml.c6g.large */
  public static readonly C6G_LARGE = InstanceType.of('ml.c6g.large');
  /** ml.c6g.xlarge */
  public static readonly C6G_XLARGE = InstanceType.of('ml.c6g.xlarge');
  /** ml.c6g.2xlarge */
  public static readonly C6G_2XLARGE = InstanceType.of('ml.c6g.2xlarge');
  /** ml.c6g.4xlarge */
  public static readonly C6G_4XLARGE = InstanceType.of('ml.c6g.4xlarge');
  /** ml.c6g.8xlarge */
  public static readonly C6G_8XLARGE = InstanceType.of('ml.c6g.8xlarge');
  /** ml.c6g.12xlarge */
  public static readonly C6G_12XLARGE = InstanceType.of('ml.c6g.12xlarge');
  /** ml.c6g.16xlarge */
  public static readonly C6G_16XLARGE = InstanceType.of('ml.c6g.16xlarge');
  /** ml.c6gd.large */
  public static readonly C6GD_LARGE = InstanceType.of('ml.c6gd.large');
  /** ml.c6gd.xlarge */
  public static readonly C6GD_XLARGE = InstanceType.of('ml.c6gd.xlarge');
  /** ml.c6gd.2xlarge */
  public static readonly C6GD_2XLARGE = InstanceType.of('ml.c6gd.2xlarge');
  /** ml.c6gd.4xlarge */
  public static readonly C6GD_4XLARGE = InstanceType.of('ml.c6gd.4xlarge');
  /** ml.c6gd.8xlarge */
  public static readonly C6GD_8XLARGE = InstanceType.of('ml.c6gd.8xlarge');
  /** ml.c6gd.12xlarge */
  public static readonly C6GD_12XLARGE = InstanceType.of('ml.c6gd.12xlarge');
  /** ml.c6gd.16xlarge */
  public static readonly C6GD_16XLARGE = InstanceType.of('ml.c6gd.16xlarge');
  /** ml.c6gn.large */
  public static readonly C6GN_LARGE = InstanceType.of('ml.c6gn.large');
  /** ml.c6gn.xlarge */
  public static readonly C6GN_XLARGE = InstanceType.of('ml.c6gn.xlarge');
  /** ml.c6gn.2xlarge */
  public static readonly C6GN_2XLARGE = InstanceType.of('ml.c6gn.2xlarge');
  /** ml.c6gn.4xlarge */
  public static readonly C6GN_4XLARGE = InstanceType.of('ml.c6gn.4xlarge');
  /** ml.c6gn.8xlarge */
  public static readonly C6GN_8XLARGE = InstanceType.of('ml.c6gn.8xlarge');
  /** ml.c6gn.12xlarge */
  public static readonly C6GN_12XLARGE = InstanceType.of('ml.c6gn.12xlarge');
  /** ml.c6gn.16xlarge */
  public static readonly C6GN_16XLARGE = InstanceType.of('ml.c6gn.16xlarge');
  /** ml.c6i.large */
  public static readonly C6I_LARGE = InstanceType.of('ml.c6i.large');
  /** ml.c6i.xlarge */
  public static readonly C6I_XLARGE = InstanceType.of('ml.c6i.xlarge');
  /** ml.c6i.2xlarge */
  public static readonly C6I_2XLARGE = InstanceType.of('ml.c6i.2xlarge');
  /** ml.c6i.4xlarge */
  public static readonly C6I_4XLARGE = InstanceType.of('ml.c6i.4xlarge');
  /** ml.c6i.8xlarge */
  public static readonly C6I_8XLARGE = InstanceType.of('ml.c6i.8xlarge');
  /** ml.c6i.12xlarge */
  public static readonly C6I_12XLARGE = InstanceType.of('ml.c6i.12xlarge');
  /** ml.c6i.16xlarge */
  public static readonly C6I_16XLARGE = InstanceType.of('ml.c6i.16xlarge');
  /** ml.c6i.24xlarge */
  public static readonly C6I_24XLARGE = InstanceType.of('ml.c6i.24xlarge');
  /** ml.c6i.32xlarge */
  public static readonly C6I_32XLARGE = InstanceType.of('ml.c6i.32xlarge');
  /** ml.c6in.large */
  public static readonly C6IN_LARGE = InstanceType.of('ml.c6in.large');
  /** ml.c6in.xlarge */
  public static readonly C6IN_XLARGE = InstanceType.of('ml.c6in.xlarge');
  /** ml.c6in.2xlarge */
  public static readonly C6IN_2XLARGE = InstanceType.of('ml.c6in.2xlarge');
  /** ml.c6in.4xlarge */
  public static readonly C6IN_4XLARGE = InstanceType.of('ml.c6in.4xlarge');
  /** ml.c6in.8xlarge */
  public static readonly C6IN_8XLARGE = InstanceType.of('ml.c6in.8xlarge');
  /** ml.c6in.12xlarge */
  public static readonly C6IN_12XLARGE = InstanceType.of('ml.c6in.12xlarge');
  /** ml.c6in.16xlarge */
  public static readonly C6IN_16XLARGE = InstanceType.of('ml.c6in.16xlarge');
  /** ml.c6in.24xlarge */
  public static readonly C6IN_24XLARGE = InstanceType.of('ml.c6in.24xlarge');
  /** ml.c6in.32xlarge */
  public static readonly C6IN_32XLARGE = InstanceType.of('ml.c6in.32xlarge');
  /** ml.c7g.large */
  public static readonly C7G_LARGE = InstanceType.of('ml.c7g.large');
  /** ml.c7g.xlarge */
  public static readonly C7G_XLARGE = InstanceType.of('ml.c7g.xlarge');
  /** ml.c7g.2xlarge */
  public static readonly C7G_2XLARGE = InstanceType.of('ml.c7g.2xlarge');
  /** ml.c7g.4xlarge */
  public static readonly C7G_4XLARGE = InstanceType.of('ml.c7g.4xlarge');
  /** ml.c7g.8xlarge */
  public static readonly C7G_8XLARGE = InstanceType.of('ml.c7g.8xlarge');
  /** ml.c7g.12xlarge */
  public static readonly C7G_12XLARGE = InstanceType.of('ml.c7g.12xlarge');
  /** ml.c7g.16xlarge */
  public static readonly C7G_16XLARGE = InstanceType.of('ml.c7g.16xlarge');
  /** ml.c7i.large */
  public static readonly C7I_LARGE = InstanceType.of('ml.c7i.large');
  /** ml.c7i.xlarge */
  public static readonly C7I_XLARGE = InstanceType.of('ml.c7i.xlarge');
  /** ml.c7i.2xlarge */
  public static readonly C7I_2XLARGE = InstanceType.of('ml.c7i.2xlarge');
  /** ml.c7i.4xlarge */
  public static readonly C7I_4XLARGE = InstanceType.of('ml.c7i.4xlarge');
  /** ml.c7i.8xlarge */
  public static readonly C7I_8XLARGE = InstanceType.of('ml.c7i.8xlarge');
  /** ml.c7i.12xlarge */
  public static readonly C7I_12XLARGE = InstanceType.of('ml.c7i.12xlarge');
  /** ml.c7i.16xlarge */
  public static readonly C7I_16XLARGE = InstanceType.of('ml.c7i.16xlarge');
  /** ml.c7i.24xlarge */
  public static readonly C7I_24XLARGE = InstanceType.of('ml.c7i.24xlarge');
  /** ml.c7i.48xlarge */
  public static readonly C7I_48XLARGE = InstanceType.of('ml.c7i.48xlarge');
  /** ml.c8g.medium */
  public static readonly C8G_MEDIUM = InstanceType.of('ml.c8g.medium');
  /** ml.c8g.large */
  public static readonly C8G_LARGE = InstanceType.of('ml.c8g.large');
  /** ml.c8g.xlarge */
  public static readonly C8G_XLARGE = InstanceType.of('ml.c8g.xlarge');
  /** ml.c8g.2xlarge */
  public static readonly C8G_2XLARGE = InstanceType.of('ml.c8g.2xlarge');
  /** ml.c8g.4xlarge */
  public static readonly C8G_4XLARGE = InstanceType.of('ml.c8g.4xlarge');
  /** ml.c8g.8xlarge */
  public static readonly C8G_8XLARGE = InstanceType.of('ml.c8g.8xlarge');
  /** ml.c8g.12xlarge */
  public static readonly C8G_12XLARGE = InstanceType.of('ml.c8g.12xlarge');
  /** ml.c8g.16xlarge */
  public static readonly C8G_16XLARGE = InstanceType.of('ml.c8g.16xlarge');
  /** ml.c8g.24xlarge */
  public static readonly C8G_24XLARGE = InstanceType.of('ml.c8g.24xlarge');
  /** ml.c8g.48xlarge */
  public static readonly C8G_48XLARGE = InstanceType.of('ml.c8g.48xlarge');
  /** ml.dl1.24xlarge */
  public static readonly DL1_24XLARGE = InstanceType.of('ml.dl1.24xlarge');
  /** ml.g4dn.xlarge */
  public static readonly G4DN_XLARGE = InstanceType.of('ml.g4dn.xlarge');
  /** ml.g4dn.2xlarge */
  public static readonly G4DN_2XLARGE = InstanceType.of('ml.g4dn.2xlarge');
  /** ml.g4dn.4xlarge */
  public static readonly G4DN_4XLARGE = InstanceType.of('ml.g4dn.4xlarge');
  /** ml.g4dn.8xlarge */
  public static readonly G4DN_8XLARGE = InstanceType.of('ml.g4dn.8xlarge');
  /** ml.g4dn.12xlarge */
  public static readonly G4DN_12XLARGE = InstanceType.of('ml.g4dn.12xlarge');
  /** ml.g4dn.16xlarge */
  public static readonly G4DN_16XLARGE = InstanceType.of('ml.g4dn.16xlarge');
  /** ml.g5.xlarge */
  public static readonly G5_XLARGE = InstanceType.of('ml.g5.xlarge');
  /** ml.g5.2xlarge */
  public static readonly G5_2XLARGE = InstanceType.of('ml.g5.2xlarge');
  /** ml.g5.4xlarge */
  public static readonly G5_4XLARGE = InstanceType.of('ml.g5.4xlarge');
  /** ml.g5.8xlarge */
  public static readonly G5_8XLARGE = InstanceType.of('ml.g5.8xlarge');
  /** ml.g5.12xlarge */
  public static readonly G5_12XLARGE = InstanceType.of('ml.g5.12xlarge');
  /** ml.g5.16xlarge */
  public static readonly G5_16XLARGE = InstanceType.of('ml.g5.16xlarge');
  /** ml.g5.24xlarge */
  public static readonly G5_24XLARGE = InstanceType.of('ml.g5.24xlarge');
  /** ml.g5.48xlarge */
  public static readonly G5_48XLARGE = InstanceType.of('ml.g5.48xlarge');
  /** ml.g6.xlarge */
  public static readonly G6_XLARGE = InstanceType.of('ml.g6.xlarge');
  /** ml.g6.2xlarge */
  public static readonly G6_2XLARGE = InstanceType.of('ml.g6.2xlarge');
  /** ml.g6.4xlarge */
  public static readonly G6_4XLARGE = InstanceType.of('ml.g6.4xlarge');
  /** ml.g6.8xlarge */
  public static readonly G6_8XLARGE = InstanceType.of('ml.g6.8xlarge');
  /** ml.g6.12xlarge */
  public static readonly G6_12XLARGE = InstanceType.of('ml.g6.12xlarge');
  /** ml.g6.16xlarge */
  public static readonly G6_16XLARGE = InstanceType.of('ml.g6.16xlarge');
  /** ml.g6.24xlarge */
  public static readonly G6_24XLARGE = InstanceType.of('ml.g6.24xlarge');
  /** ml.g6.48xlarge */
  public static readonly G6_48XLARGE = InstanceType.of('ml.g6.48xlarge');
  /** ml.g6e.xlarge */
  public static readonly G6E_XLARGE = InstanceType.of('ml.g6e.xlarge');
  /** ml.g6e.2xlarge */
  public static readonly G6E_2XLARGE = InstanceType.of('ml.g6e.2xlarge');
  /** ml.g6e.4xlarge */
  public static readonly G6E_4XLARGE = InstanceType.of('ml.g6e.4xlarge');
  /** ml.g6e.8xlarge */
  public static readonly G6E_8XLARGE = InstanceType.of('ml.g6e.8xlarge');
  /** ml.g6e.12xlarge */
  public static readonly G6E_12XLARGE = InstanceType.of('ml.g6e.12xlarge');
  /** ml.g6e.16xlarge */
  public static readonly G6E_16XLARGE = InstanceType.of('ml.g6e.16xlarge');
  /** ml.g6e.24xlarge */
  public static readonly G6E_24XLARGE = InstanceType.of('ml.g6e.24xlarge');
  /** ml.g6e.48xlarge */
  public static readonly G6E_48XLARGE = InstanceType.of('ml.g6e.48xlarge');
  /** ml.g7.2xlarge */
  public static readonly G7_2XLARGE = InstanceType.of('ml.g7.2xlarge');
  /** ml.g7.4xlarge */
  public static readonly G7_4XLARGE = InstanceType.of('ml.g7.4xlarge');
  /** ml.g7.8xlarge */
  public static readonly G7_8XLARGE = InstanceType.of('ml.g7.8xlarge');
  /** ml.g7.12xlarge */
  public static readonly G7_12XLARGE = InstanceType.of('ml.g7.12xlarge');
  /** ml.g7.24xlarge */
  public static readonly G7_24XLARGE = InstanceType.of('ml.g7.24xlarge');
  /** ml.g7.48xlarge */
  public static readonly G7_48XLARGE = InstanceType.of('ml.g7.48xlarge');
  /** ml.g7e.2xlarge */
  public static readonly G7E_2XLARGE = InstanceType.of('ml.g7e.2xlarge');
  /** ml.g7e.4xlarge */
  public static readonly G7E_4XLARGE = InstanceType.of('ml.g7e.4xlarge');
  /** ml.g7e.8xlarge */
  public static readonly G7E_8XLARGE = InstanceType.of('ml.g7e.8xlarge');
  /** ml.g7e.12xlarge */
  public static readonly G7E_12XLARGE = InstanceType.of('ml.g7e.12xlarge');
  /** ml.g7e.24xlarge */
  public static readonly G7E_24XLARGE = InstanceType.of('ml.g7e.24xlarge');
  /** ml.g7e.48xlarge */
  public static readonly G7E_48XLARGE = InstanceType.of('ml.g7e.48xlarge');
  /** ml.inf2.xlarge */
  public static readonly INF2_XLARGE = InstanceType.of('ml.inf2.xlarge');
  /** ml.inf2.8xlarge */
  public static readonly INF2_8XLARGE = InstanceType.of('ml.inf2.8xlarge');
  /** ml.inf2.24xlarge */
  public static readonly INF2_24XLARGE = InstanceType.of('ml.inf2.24xlarge');
  /** ml.inf2.48xlarge */
  public static readonly INF2_48XLARGE = InstanceType.of('ml.inf2.48xlarge');
  /** ml.m5.large */
  public static readonly M5_LARGE = InstanceType.of('ml.m5.large');
  /** ml.m5.xlarge */
  public static readonly M5_XLARGE = InstanceType.of('ml.m5.xlarge');
  /** ml.m5.2xlarge */
  public static readonly M5_2XLARGE = InstanceType.of('ml.m5.2xlarge');
  /** ml.m5.4xlarge */
  public static readonly M5_4XLARGE = InstanceType.of('ml.m5.4xlarge');
  /** ml.m5.12xlarge */
  public static readonly M5_12XLARGE = InstanceType.of('ml.m5.12xlarge');
  /** ml.m5.24xlarge */
  public static readonly M5_24XLARGE = InstanceType.of('ml.m5.24xlarge');
  /** ml.m5d.large */
  public static readonly M5D_LARGE = InstanceType.of('ml.m5d.large');
  /** ml.m5d.xlarge */
  public static readonly M5D_XLARGE = InstanceType.of('ml.m5d.xlarge');
  /** ml.m5d.2xlarge */
  public static readonly M5D_2XLARGE = InstanceType.of('ml.m5d.2xlarge');
  /** ml.m5d.4xlarge */
  public static readonly M5D_4XLARGE = InstanceType.of('ml.m5d.4xlarge');
  /** ml.m5d.12xlarge */
  public static readonly M5D_12XLARGE = InstanceType.of('ml.m5d.12xlarge');
  /** ml.m5d.24xlarge */
  public static readonly M5D_24XLARGE = InstanceType.of('ml.m5d.24xlarge');
  /** ml.m6g.large */
  public static readonly M6G_LARGE = InstanceType.of('ml.m6g.large');
  /** ml.m6g.xlarge */
  public static readonly M6G_XLARGE = InstanceType.of('ml.m6g.xlarge');
  /** ml.m6g.2xlarge */
  public static readonly M6G_2XLARGE = InstanceType.of('ml.m6g.2xlarge');
  /** ml.m6g.4xlarge */
  public static readonly M6G_4XLARGE = InstanceType.of('ml.m6g.4xlarge');
  /** ml.m6g.8xlarge */
  public static readonly M6G_8XLARGE = InstanceType.of('ml.m6g.8xlarge');
  /** ml.m6g.12xlarge */
  public static readonly M6G_12XLARGE = InstanceType.of('ml.m6g.12xlarge');
  /** ml.m6g.16xlarge */
  public static readonly M6G_16XLARGE = InstanceType.of('ml.m6g.16xlarge');
  /** ml.m6gd.large */
  public static readonly M6GD_LARGE = InstanceType.of('ml.m6gd.large');
  /** ml.m6gd.xlarge */
  public static readonly M6GD_XLARGE = InstanceType.of('ml.m6gd.xlarge');
  /** ml.m6gd.2xlarge */
  public static readonly M6GD_2XLARGE = InstanceType.of('ml.m6gd.2xlarge');
  /** ml.m6gd.4xlarge */
  public static readonly M6GD_4XLARGE = InstanceType.of('ml.m6gd.4xlarge');
  /** ml.m6gd.8xlarge */
  public static readonly M6GD_8XLARGE = InstanceType.of('ml.m6gd.8xlarge');
  /** ml.m6gd.12xlarge */
  public static readonly M6GD_12XLARGE = InstanceType.of('ml.m6gd.12xlarge');
  /** ml.m6gd.16xlarge */
  public static readonly M6GD_16XLARGE = InstanceType.of('ml.m6gd.16xlarge');
  /** ml.m6i.large */
  public static readonly M6I_LARGE = InstanceType.of('ml.m6i.large');
  /** ml.m6i.xlarge */
  public static readonly M6I_XLARGE = InstanceType.of('ml.m6i.xlarge');
  /** ml.m6i.2xlarge */
  public static readonly M6I_2XLARGE = InstanceType.of('ml.m6i.2xlarge');
  /** ml.m6i.4xlarge */
  public static readonly M6I_4XLARGE = InstanceType.of('ml.m6i.4xlarge');
  /** ml.m6i.8xlarge */
  public static readonly M6I_8XLARGE = InstanceType.of('ml.m6i.8xlarge');
  /** ml.m6i.12xlarge */
  public static readonly M6I_12XLARGE = InstanceType.of('ml.m6i.12xlarge');
  /** ml.m6i.16xlarge */
  public static readonly M6I_16XLARGE = InstanceType.of('ml.m6i.16xlarge');
  /** ml.m6i.24xlarge */
  public static readonly M6I_24XLARGE = InstanceType.of('ml.m6i.24xlarge');
  /** ml.m6i.32xlarge */
  public static readonly M6I_32XLARGE = InstanceType.of('ml.m6i.32xlarge');
  /** ml.m7i.large */
  public static readonly M7I_LARGE = InstanceType.of('ml.m7i.large');
  /** ml.m7i.xlarge */
  public static readonly M7I_XLARGE = InstanceType.of('ml.m7i.xlarge');
  /** ml.m7i.2xlarge */
  public static readonly M7I_2XLARGE = InstanceType.of('ml.m7i.2xlarge');
  /** ml.m7i.4xlarge */
  public static readonly M7I_4XLARGE = InstanceType.of('ml.m7i.4xlarge');
  /** ml.m7i.8xlarge */
  public static readonly M7I_8XLARGE = InstanceType.of('ml.m7i.8xlarge');
  /** ml.m7i.12xlarge */
  public static readonly M7I_12XLARGE = InstanceType.of('ml.m7i.12xlarge');
  /** ml.m7i.16xlarge */
  public static readonly M7I_16XLARGE = InstanceType.of('ml.m7i.16xlarge');
  /** ml.m7i.24xlarge */
  public static readonly M7I_24XLARGE = InstanceType.of('ml.m7i.24xlarge');
  /** ml.m7i.48xlarge */
  public static readonly M7I_48XLARGE = InstanceType.of('ml.m7i.48xlarge');
  /** ml.m8g.medium */
  public static readonly M8G_MEDIUM = InstanceType.of('ml.m8g.medium');
  /** ml.m8g.large */
  public static readonly M8G_LARGE = InstanceType.of('ml.m8g.large');
  /** ml.m8g.xlarge */
  public static readonly M8G_XLARGE = InstanceType.of('ml.m8g.xlarge');
  /** ml.m8g.2xlarge */
  public static readonly M8G_2XLARGE = InstanceType.of('ml.m8g.2xlarge');
  /** ml.m8g.4xlarge */
  public static readonly M8G_4XLARGE = InstanceType.of('ml.m8g.4xlarge');
  /** ml.m8g.8xlarge */
  public static readonly M8G_8XLARGE = InstanceType.of('ml.m8g.8xlarge');
  /** ml.m8g.12xlarge */
  public static readonly M8G_12XLARGE = InstanceType.of('ml.m8g.12xlarge');
  /** ml.m8g.16xlarge */
  public static readonly M8G_16XLARGE = InstanceType.of('ml.m8g.16xlarge');
  /** ml.m8g.24xlarge */
  public static readonly M8G_24XLARGE = InstanceType.of('ml.m8g.24xlarge');
  /** ml.m8g.48xlarge */
  public static readonly M8G_48XLARGE = InstanceType.of('ml.m8g.48xlarge');
  /** ml.p3.2xlarge */
  public static readonly P3_2XLARGE = InstanceType.of('ml.p3.2xlarge');
  /** ml.p3.8xlarge */
  public static readonly P3_8XLARGE = InstanceType.of('ml.p3.8xlarge');
  /** ml.p3.16xlarge */
  public static readonly P3_16XLARGE = InstanceType.of('ml.p3.16xlarge');
  /** ml.p4d.24xlarge */
  public static readonly P4D_24XLARGE = InstanceType.of('ml.p4d.24xlarge');
  /** ml.p4de.24xlarge */
  public static readonly P4DE_24XLARGE = InstanceType.of('ml.p4de.24xlarge');
  /** ml.p5.4xlarge */
  public static readonly P5_4XLARGE = InstanceType.of('ml.p5.4xlarge');
  /** ml.p5.48xlarge */
  public static readonly P5_48XLARGE = InstanceType.of('ml.p5.48xlarge');
  /** ml.p5e.48xlarge */
  public static readonly P5E_48XLARGE = InstanceType.of('ml.p5e.48xlarge');
  /** ml.p5en.48xlarge */
  public static readonly P5EN_48XLARGE = InstanceType.of('ml.p5en.48xlarge');
  /** ml.p6-b200.48xlarge */
  public static readonly P6_B200_48XLARGE = InstanceType.of('ml.p6-b200.48xlarge');
  /** ml.p6-b300.48xlarge */
  public static readonly P6_B300_48XLARGE = InstanceType.of('ml.p6-b300.48xlarge');
  /** ml.p6e-gb200.36xlarge */
  public static readonly P6E_GB200_36XLARGE = InstanceType.of('ml.p6e-gb200.36xlarge');
  /** ml.r5.large */
  public static readonly R5_LARGE = InstanceType.of('ml.r5.large');
  /** ml.r5.xlarge */
  public static readonly R5_XLARGE = InstanceType.of('ml.r5.xlarge');
  /** ml.r5.2xlarge */
  public static readonly R5_2XLARGE = InstanceType.of('ml.r5.2xlarge');
  /** ml.r5.4xlarge */
  public static readonly R5_4XLARGE = InstanceType.of('ml.r5.4xlarge');
  /** ml.r5.12xlarge */
  public static readonly R5_12XLARGE = InstanceType.of('ml.r5.12xlarge');
  /** ml.r5.24xlarge */
  public static readonly R5_24XLARGE = InstanceType.of('ml.r5.24xlarge');
  /** ml.r5d.large */
  public static readonly R5D_LARGE = InstanceType.of('ml.r5d.large');
  /** ml.r5d.xlarge */
  public static readonly R5D_XLARGE = InstanceType.of('ml.r5d.xlarge');
  /** ml.r5d.2xlarge */
  public static readonly R5D_2XLARGE = InstanceType.of('ml.r5d.2xlarge');
  /** ml.r5d.4xlarge */
  public static readonly R5D_4XLARGE = InstanceType.of('ml.r5d.4xlarge');
  /** ml.r5d.12xlarge */
  public static readonly R5D_12XLARGE = InstanceType.of('ml.r5d.12xlarge');
  /** ml.r5d.24xlarge */
  public static readonly R5D_24XLARGE = InstanceType.of('ml.r5d.24xlarge');
  /** ml.r6g.large */
  public static readonly R6G_LARGE = InstanceType.of('ml.r6g.large');
  /** ml.r6g.xlarge */
  public static readonly R6G_XLARGE = InstanceType.of('ml.r6g.xlarge');
  /** ml.r6g.2xlarge */
  public static readonly R6G_2XLARGE = InstanceType.of('ml.r6g.2xlarge');
  /** ml.r6g.4xlarge */
  public static readonly R6G_4XLARGE = InstanceType.of('ml.r6g.4xlarge');
  /** ml.r6g.8xlarge */
  public static readonly R6G_8XLARGE = InstanceType.of('ml.r6g.8xlarge');
  /** ml.r6g.12xlarge */
  public static readonly R6G_12XLARGE = InstanceType.of('ml.r6g.12xlarge');
  /** ml.r6g.16xlarge */
  public static readonly R6G_16XLARGE = InstanceType.of('ml.r6g.16xlarge');
  /** ml.r6gd.large */
  public static readonly R6GD_LARGE = InstanceType.of('ml.r6gd.large');
  /** ml.r6gd.xlarge */
  public static readonly R6GD_XLARGE = InstanceType.of('ml.r6gd.xlarge');
  /** ml.r6gd.2xlarge */
  public static readonly R6GD_2XLARGE = InstanceType.of('ml.r6gd.2xlarge');
  /** ml.r6gd.4xlarge */
  public static readonly R6GD_4XLARGE = InstanceType.of('ml.r6gd.4xlarge');
  /** ml.r6gd.8xlarge */
  public static readonly R6GD_8XLARGE = InstanceType.of('ml.r6gd.8xlarge');
  /** ml.r6gd.12xlarge */
  public static readonly R6GD_12XLARGE = InstanceType.of('ml.r6gd.12xlarge');
  /** ml.r6gd.16xlarge */
  public static readonly R6GD_16XLARGE = InstanceType.of('ml.r6gd.16xlarge');
  /** ml.r6i.large */
  public static readonly R6I_LARGE = InstanceType.of('ml.r6i.large');
  /** ml.r6i.xlarge */
  public static readonly R6I_XLARGE = InstanceType.of('ml.r6i.xlarge');
  /** ml.r6i.2xlarge */
  public static readonly R6I_2XLARGE = InstanceType.of('ml.r6i.2xlarge');
  /** ml.r6i.4xlarge */
  public static readonly R6I_4XLARGE = InstanceType.of('ml.r6i.4xlarge');
  /** ml.r6i.8xlarge */
  public static readonly R6I_8XLARGE = InstanceType.of('ml.r6i.8xlarge');
  /** ml.r6i.12xlarge */
  public static readonly R6I_12XLARGE = InstanceType.of('ml.r6i.12xlarge');
  /** ml.r6i.16xlarge */
  public static readonly R6I_16XLARGE = InstanceType.of('ml.r6i.16xlarge');
  /** ml.r6i.24xlarge */
  public static readonly R6I_24XLARGE = InstanceType.of('ml.r6i.24xlarge');
  /** ml.r6i.32xlarge */
  public static readonly R6I_32XLARGE = InstanceType.of('ml.r6i.32xlarge');
  /** ml.r7gd.medium */
  public static readonly R7GD_MEDIUM = InstanceType.of('ml.r7gd.medium');
  /** ml.r7gd.large */
  public static readonly R7GD_LARGE = InstanceType.of('ml.r7gd.large');
  /** ml.r7gd.xlarge */
  public static readonly R7GD_XLARGE = InstanceType.of('ml.r7gd.xlarge');
  /** ml.r7gd.2xlarge */
  public static readonly R7GD_2XLARGE = InstanceType.of('ml.r7gd.2xlarge');
  /** ml.r7gd.4xlarge */
  public static readonly R7GD_4XLARGE = InstanceType.of('ml.r7gd.4xlarge');
  /** ml.r7gd.8xlarge */
  public static readonly R7GD_8XLARGE = InstanceType.of('ml.r7gd.8xlarge');
  /** ml.r7gd.12xlarge */
  public static readonly R7GD_12XLARGE = InstanceType.of('ml.r7gd.12xlarge');
  /** ml.r7gd.16xlarge */
  public static readonly R7GD_16XLARGE = InstanceType.of('ml.r7gd.16xlarge');
  /** ml.r7i.large */
  public static readonly R7I_LARGE = InstanceType.of('ml.r7i.large');
  /** ml.r7i.xlarge */
  public static readonly R7I_XLARGE = InstanceType.of('ml.r7i.xlarge');
  /** ml.r7i.2xlarge */
  public static readonly R7I_2XLARGE = InstanceType.of('ml.r7i.2xlarge');
  /** ml.r7i.4xlarge */
  public static readonly R7I_4XLARGE = InstanceType.of('ml.r7i.4xlarge');
  /** ml.r7i.8xlarge */
  public static readonly R7I_8XLARGE = InstanceType.of('ml.r7i.8xlarge');
  /** ml.r7i.12xlarge */
  public static readonly R7I_12XLARGE = InstanceType.of('ml.r7i.12xlarge');
  /** ml.r7i.16xlarge */
  public static readonly R7I_16XLARGE = InstanceType.of('ml.r7i.16xlarge');
  /** ml.r7i.24xlarge */
  public static readonly R7I_24XLARGE = InstanceType.of('ml.r7i.24xlarge');
  /** ml.r7i.48xlarge */
  public static readonly R7I_48XLARGE = InstanceType.of('ml.r7i.48xlarge');
  /** ml.r8g.medium */
  public static readonly R8G_MEDIUM = InstanceType.of('ml.r8g.medium');
  /** ml.r8g.large */
  public static readonly R8G_LARGE = InstanceType.of('ml.r8g.large');
  /** ml.r8g.xlarge */
  public static readonly R8G_XLARGE = InstanceType.of('ml.r8g.xlarge');
  /** ml.r8g.2xlarge */
  public static readonly R8G_2XLARGE = InstanceType.of('ml.r8g.2xlarge');
  /** ml.r8g.4xlarge */
  public static readonly R8G_4XLARGE = InstanceType.of('ml.r8g.4xlarge');
  /** ml.r8g.8xlarge */
  public static readonly R8G_8XLARGE = InstanceType.of('ml.r8g.8xlarge');
  /** ml.r8g.12xlarge */
  public static readonly R8G_12XLARGE = InstanceType.of('ml.r8g.12xlarge');
  /** ml.r8g.16xlarge */
  public static readonly R8G_16XLARGE = InstanceType.of('ml.r8g.16xlarge');
  /** ml.r8g.24xlarge */
  public static readonly R8G_24XLARGE = InstanceType.of('ml.r8g.24xlarge');
  /** ml.r8g.48xlarge */
  public static readonly R8G_48XLARGE = InstanceType.of('ml.r8g.48xlarge');
  /** ml.t2.medium */
  public static readonly T2_MEDIUM = InstanceType.of('ml.t2.medium');
  /** ml.t2.large */
  public static readonly T2_LARGE = InstanceType.of('ml.t2.large');
  /** ml.t2.xlarge */
  public static readonly T2_XLARGE = InstanceType.of('ml.t2.xlarge');
  /** ml.t2.2xlarge */
  public static readonly T2_2XLARGE = InstanceType.of('ml.t2.2xlarge');
  /** ml.trn1.2xlarge */
  public static readonly TRN1_2XLARGE = InstanceType.of('ml.trn1.2xlarge');
  /** ml.trn1.32xlarge */
  public static readonly TRN1_32XLARGE = InstanceType.of('ml.trn1.32xlarge');
  /** ml.trn1n.32xlarge */
  public static readonly TRN1N_32XLARGE = InstanceType.of('ml.trn1n.32xlarge');
  /** ml.trn2.48xlarge */
  public static readonly TRN2_48XLARGE = InstanceType.of('ml.trn2.48xlarge');

  /**
   * An instance type by its name.
   *
   * @param instanceTypeName for example 'ml.g5.xlarge', or a token
   * @throws if the name is not of the form ml.family.size
   */
  public static of(instanceTypeName: string): InstanceType {
    assertValidAt('InstanceType.of', [
      requiredText(
        'instanceTypeName',
        instanceTypeName,
        /^ml\.[a-z0-9-]+\.[a-z0-9-]+$/,
        "of the form ml.family.size, for example 'ml.g5.xlarge'",
      ),
    ]);
    return new InstanceType(instanceTypeName);
  }

  private constructor(
    /** The name, for example 'ml.g5.xlarge'. */
    public readonly instanceTypeName: string,
  ) {}

  /** The name, for example 'ml.g5.xlarge'. */
  public toString(): string {
    return this.instanceTypeName;
  }
}
