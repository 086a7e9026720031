"""What a third-party endpoint in Python may return as its attributes: the struct. Everything else is an error."""

import typing
import unittest

import jsii
from aws_cdk import App, Resource, Stack
from aws_cdk import aws_sns as sns
from aws_cdk.interfaces.aws_sagemaker import EndpointReference
from cdk_sagemaker_async_inference import (
    AsyncInferenceEndpointDetails,
    AsyncInferenceInvoker,
    AsyncInferenceMonitoring,
    AsyncInferenceResultQueue,
    AsyncInferenceScaling,
    IAsyncInferenceEndpoint,
    InferenceOutcome,
)


@jsii.implements(IAsyncInferenceEndpoint)
class Endpoint(Resource):
    value: typing.Any = None

    @property
    def endpoint_name(self) -> str:
        return "third-party"

    @property
    def endpoint_arn(self) -> str:
        return "arn:aws:sagemaker:eu-west-1:111122223333:endpoint/third-party"

    @property
    def endpoint_ref(self) -> EndpointReference:
        return EndpointReference(endpoint_arn=self.endpoint_arn)

    @property
    def attributes(self) -> AsyncInferenceEndpointDetails:
        return typing.cast(AsyncInferenceEndpointDetails, self.value)

    def add_result_subscription(
        self,
        subscription: sns.ITopicSubscription,
        *,
        outcomes: typing.Sequence[InferenceOutcome] | None = None,
    ) -> list[sns.Subscription]:
        return []


def use(value: typing.Any) -> None:
    """Passes an endpoint with these attributes to what reads them."""
    stack = Stack(App(), "Stack")
    endpoint = Endpoint(stack, "Endpoint")
    endpoint.value = value
    AsyncInferenceInvoker(stack, "Invoker", endpoint=endpoint)
    AsyncInferenceMonitoring(stack, "Monitoring", endpoints=[endpoint])
    AsyncInferenceResultQueue(stack, "Results", endpoints=[endpoint])


class Attributes(unittest.TestCase):
    def test_the_struct_works(self) -> None:
        use(AsyncInferenceEndpointDetails(endpoint_name="third-party", variant_name="AllTraffic"))

    def test_anything_else_is_an_error(self) -> None:
        values = {"a dict": {"endpoint_name": "third-party"}, "None": None, "an empty dict": {}}
        for name, value in values.items():
            with self.subTest(name), self.assertRaises(Exception) as raised:
                use(value)
            self.assertRegex(str(raised.exception), r"attributes|endpointName|AsyncInferenceEndpointDetails")

    def test_a_struct_without_the_name_is_an_error(self) -> None:
        with self.assertRaises(TypeError):
            AsyncInferenceEndpointDetails(variant_name="AllTraffic")  # type: ignore[call-arg]

    def test_what_a_use_needs_and_the_struct_lacks_is_named(self) -> None:
        stack = Stack(App(), "Stack")
        endpoint = Endpoint(stack, "Endpoint")
        endpoint.value = AsyncInferenceEndpointDetails(endpoint_name="third-party")
        with self.assertRaisesRegex(Exception, "variantName of this endpoint must be known"):
            AsyncInferenceScaling(stack, "Scaling", endpoint=endpoint)


if __name__ == "__main__":
    unittest.main()
