from aws_cdk import App, CfnOutput, Stack
from cdk_sagemaker_async_inference import AsyncInferenceEndpoint, ContainerImage, InferenceModel, InstanceType

app = App()
stack = Stack(app, "Languages")

endpoint = AsyncInferenceEndpoint(
    stack,
    "Endpoint",
    model=InferenceModel.from_container(
        image=ContainerImage.from_dlc(
            "huggingface-pytorch-inference", "2.6.0-transformers5.5.3-cpu-py312-ubuntu22.04"
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
