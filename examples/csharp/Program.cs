using System.Collections.Generic;
using Amazon.CDK;
using CdkSagemakerAsyncInference;

var app = new App();
var stack = new Stack(app, "Languages");

var endpoint = new AsyncInferenceEndpoint(stack, "Endpoint", new AsyncInferenceEndpointProps
{
    Model = InferenceModel.FromContainer(new ContainerModelProps
    {
        Image = ContainerImage.FromDlc("huggingface-pytorch-inference", "2.6.0-transformers5.5.3-cpu-py312-ubuntu22.04"),
        Environment = new Dictionary<string, string>
        {
            ["HF_MODEL_ID"] = "papluca/xlm-roberta-base-language-detection",
            ["HF_TASK"] = "text-classification",
        },
    }),
    InstanceType = InstanceType.M5_XLARGE,
});

new CfnOutput(stack, "EndpointName", new CfnOutputProps { Value = endpoint.EndpointName });
new CfnOutput(stack, "InvokerName", new CfnOutputProps { Value = endpoint.Invoker.Function.FunctionName });
new CfnOutput(stack, "OutputBucketName", new CfnOutputProps { Value = endpoint.OutputBucket.BucketName });

app.Synth();
