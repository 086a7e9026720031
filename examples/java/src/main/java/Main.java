import io.github.example_owner.cdk_sagemaker_async_inference.AsyncInferenceEndpoint;
import io.github.example_owner.cdk_sagemaker_async_inference.ContainerImage;
import io.github.example_owner.cdk_sagemaker_async_inference.ContainerModelProps;
import io.github.example_owner.cdk_sagemaker_async_inference.InferenceModel;
import io.github.example_owner.cdk_sagemaker_async_inference.InstanceType;
import java.util.Map;
import software.amazon.awscdk.App;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Stack;

public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    App app = new App();
    Stack stack = new Stack(app, "Languages");

    AsyncInferenceEndpoint endpoint =
        AsyncInferenceEndpoint.Builder.create(stack, "Endpoint")
            .model(
                InferenceModel.fromContainer(
                    ContainerModelProps.builder()
                        .image(
                            ContainerImage.fromDlc(
                                "huggingface-pytorch-inference",
                                "2.6.0-transformers5.5.3-cpu-py312-ubuntu22.04"))
                        .environment(
                            Map.of(
                                "HF_MODEL_ID", "papluca/xlm-roberta-base-language-detection",
                                "HF_TASK", "text-classification"))
                        .build()))
            .instanceType(InstanceType.M5_XLARGE)
            .build();

    CfnOutput.Builder.create(stack, "EndpointName").value(endpoint.getEndpointName()).build();
    CfnOutput.Builder.create(stack, "InvokerName")
        .value(endpoint.getInvoker().getFunction().getFunctionName())
        .build();
    CfnOutput.Builder.create(stack, "OutputBucketName")
        .value(endpoint.getOutputBucket().getBucketName())
        .build();

    app.synth();
  }
}
