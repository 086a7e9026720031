from aws_cdk import App, CfnOutput, Stack
from cdk_sagemaker_async_inference import AsyncInferenceEndpoint, ContainerImage, InferenceModel, InstanceType

app = App()
stack = Stack(app, "Languages")

endpoint = AsyncInferenceEndpoint(
    stack,
    "Endpoint",
    model=InferenceModel.from_container(
        image=ContainerImage.from_dlc(
            "huggingface-pytorch-inference", "2.1.0-transformers4.37.0-cpu-py310-ubuntu22.04"
        ),
        environment={
            "HF_MODEL_ID": "papluca/xlm-roberta-base-language-detection",
            "HF_TASK": "text-classification",
        },
    ),
    instance_type=InstanceType.M5_XLARGE,
)

CfnOutput(stack, "EndpointName", value=endpoint.endpoint_name)
CfnOutput(stack, "InvokerName", value=endpoint.invoker.function.function_name)
CfnOutput(stack, "OutputBucketName", value=endpoint.output_bucket.bucket_name)

app.synth()
