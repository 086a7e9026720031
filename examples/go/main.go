package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
	async "github.com/example-owner/cdk-sagemaker-async-inference-go/cdksagemakerasyncinference"
)

func main() {
	defer jsii.Close()
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Languages"), nil)

	endpoint := async.NewAsyncInferenceEndpoint(stack, jsii.String("Endpoint"), &async.AsyncInferenceEndpointProps{
		Model: async.InferenceModel_FromContainer(&async.ContainerModelProps{
			Image: async.ContainerImage_FromDlc(
				jsii.String("huggingface-pytorch-inference"),
				jsii.String("2.6.0-transformers5.5.3-cpu-py312-ubuntu22.04"),
				nil,
			),
			Environment: &map[string]*string{
				"HF_MODEL_ID": jsii.String("papluca/xlm-roberta-base-language-detection"),
				"HF_TASK":     jsii.String("text-classification"),
			},
		}),
		InstanceType: async.InstanceType_M5_XLARGE(),
	})

	awscdk.NewCfnOutput(stack, jsii.String("EndpointName"), &awscdk.CfnOutputProps{Value: endpoint.EndpointName()})
	awscdk.NewCfnOutput(stack, jsii.String("InvokerName"), &awscdk.CfnOutputProps{
		Value: endpoint.Invoker().Function().FunctionName(),
	})
	awscdk.NewCfnOutput(stack, jsii.String("OutputBucketName"), &awscdk.CfnOutputProps{
		Value: endpoint.OutputBucket().BucketName(),
	})

	app.Synth(nil)
}
