"""The functions of examples/python/async_inference.py, with boto3, against the local run.

ENDPOINT_NAME is the endpoint and QUEUE_URL the queue that receives its notifications. The AWS SDK's own variables lead to the local run.
"""

import base64
import json
import os
import time
import typing
import unittest
import uuid
from datetime import datetime, timedelta, timezone

import boto3
import botocore.exceptions
from async_inference import (
    MAX_INLINE_PAYLOAD_BYTES,
    AcceptedInference,
    InferenceNotification,
    PayloadTooLargeError,
    ResultTimeoutError,
    invoke_inline,
    parse_notification,
    wait_for_result,
)

ENDPOINT_NAME = os.environ["ENDPOINT_NAME"]
QUEUE_URL = os.environ["QUEUE_URL"]

runtime = boto3.client("sagemaker-runtime")
s3 = boto3.client("s3")
sqs = boto3.client("sqs", endpoint_url=os.environ["AWS_ENDPOINT_URL_SQS"])

TEST_NOTIFICATION = {"eventVersion": "1.0", "eventSource": "aws:sagemaker", "eventName": "TestNotification"}


def await_notification(inference_id: str) -> InferenceNotification:
    """The notification of a request, from the queue."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        for message in sqs.receive_message(QueueUrl=QUEUE_URL, WaitTimeSeconds=1).get("Messages", []):
            sqs.delete_message(QueueUrl=QUEUE_URL, ReceiptHandle=message["ReceiptHandle"])
            notification = parse_notification(message, endpoint_name=ENDPOINT_NAME)
            if notification is not None and notification.inference_id == inference_id:
                return notification
    raise AssertionError(f"no notification of {inference_id}")


def missing(**changes: typing.Any) -> AcceptedInference:
    """A request whose result does not exist."""
    accepted = invoke_inline(runtime, ENDPOINT_NAME, json.dumps({"inputs": "Hej"}))
    bucket = accepted.output_location.split("/")[2]
    values = {"inference_id": "missing", "output_location": f"s3://{bucket}/output/missing.out", **changes}
    return AcceptedInference(**values)


class InvokeInline(unittest.TestCase):
    def test_sends_text_and_waits_for_the_result_of_the_model(self) -> None:
        accepted = invoke_inline(runtime, ENDPOINT_NAME, json.dumps({"inputs": "Wie spät ist es?"}))
        result = wait_for_result(s3, accepted, timeout_seconds=60)
        self.assertEqual(result.status, "completed")
        self.assertEqual(json.loads(result.body)[0]["label"], "de")
        self.assertEqual(result.location, accepted.output_location)

    def test_sends_bytes_with_every_option(self) -> None:
        inference_id = str(uuid.uuid4())
        accepted = invoke_inline(
            runtime,
            ENDPOINT_NAME,
            json.dumps({"inputs": "Hvað er klukkan?"}).encode(),
            inference_id=inference_id,
            accept="application/json",
            custom_attributes="attribute",
            request_ttl_seconds=600,
            invocation_timeout_seconds=60,
        )
        self.assertEqual(accepted.inference_id, inference_id)
        assert accepted.answer_by is not None
        lifetime = accepted.answer_by - datetime.now(timezone.utc)
        self.assertAlmostEqual(lifetime.total_seconds(), 600 + 60 + 60, delta=30)
        notification = await_notification(inference_id)
        self.assertEqual(notification.status, "completed")
        self.assertEqual(notification.output_location, accepted.output_location)
        self.assertEqual(notification.custom_attributes, "attribute")

    def test_sends_the_largest_payload_and_not_a_byte_more(self) -> None:
        text = "ü" * ((MAX_INLINE_PAYLOAD_BYTES - len('{"inputs": ""}')) // 2)
        payload = json.dumps({"inputs": text}, ensure_ascii=False)
        self.assertEqual(len(payload.encode()), MAX_INLINE_PAYLOAD_BYTES)
        accepted = invoke_inline(runtime, ENDPOINT_NAME, payload)
        self.assertTrue(accepted.output_location.startswith("s3://"))
        with self.assertRaisesRegex(PayloadTooLargeError, "at most 128000 bytes.* got 128001"):
            invoke_inline(runtime, ENDPOINT_NAME, payload + " ")

    def test_rejects_an_empty_payload(self) -> None:
        for payload in ("", b""):
            with self.assertRaisesRegex(ValueError, "at least one byte"):
                invoke_inline(runtime, ENDPOINT_NAME, payload)

    def test_raises_errors_of_the_service(self) -> None:
        with self.assertRaises(botocore.exceptions.ClientError):
            invoke_inline(runtime, "no-such-endpoint", "{}")


class WaitForResult(unittest.TestCase):
    def test_returns_what_the_model_said_when_it_failed(self) -> None:
        accepted = invoke_inline(runtime, ENDPOINT_NAME, "not JSON")
        result = wait_for_result(s3, accepted, timeout_seconds=60)
        self.assertEqual(result.status, "failed")
        self.assertEqual(result.location, accepted.failure_location)
        self.assertTrue(result.body)
        notification = await_notification(accepted.inference_id)
        self.assertEqual(notification.status, "failed")
        self.assertTrue(notification.failure_reason)

    def test_returns_expired_once_no_result_can_arrive(self) -> None:
        past = datetime.now(timezone.utc) - timedelta(seconds=1)
        result = wait_for_result(s3, missing(answer_by=past), timeout_seconds=60)
        self.assertEqual(result.status, "expired")

    def test_raises_an_error_after_the_timeout(self) -> None:
        start = time.monotonic()
        with self.assertRaisesRegex(ResultTimeoutError, "no result of inference missing after 0.3 seconds"):
            wait_for_result(s3, missing(), timeout_seconds=0.3)
        self.assertLess(time.monotonic() - start, 5)

    def test_rejects_a_timeout_that_is_not_positive(self) -> None:
        for timeout in (0, -1, float("nan")):
            with self.assertRaisesRegex(ValueError, "timeout_seconds must be more than 0"):
                wait_for_result(s3, AcceptedInference("id", "s3://bucket/key"), timeout_seconds=timeout)

    def test_raises_errors_that_do_not_pass(self) -> None:
        no_bucket = AcceptedInference("id", f"s3://no-such-bucket-{uuid.uuid4()}/key")
        with self.assertRaises(botocore.exceptions.ClientError):
            wait_for_result(s3, no_bucket, timeout_seconds=60)

    def test_retries_when_nothing_listens(self) -> None:
        unreachable = boto3.client(
            "s3", endpoint_url="http://127.0.0.1:1", config=botocore.config.Config(retries={"total_max_attempts": 1})
        )
        with self.assertRaises(ResultTimeoutError):
            wait_for_result(unreachable, AcceptedInference("id", "s3://bucket/key"), timeout_seconds=0.5)


class ParseNotification(unittest.TestCase):
    completed = {
        "eventSource": "aws:sagemaker",
        "eventName": "InferenceResult",
        "invocationStatus": "Completed",
        "inferenceId": "id",
        "requestParameters": {"endpointName": "Languages"},
        "responseParameters": {"outputLocation": "s3://bucket/key", "contentType": "application/json"},
    }

    def test_reads_every_envelope(self) -> None:
        text = json.dumps(self.completed)
        envelopes = {
            "the notification": self.completed,
            "its JSON text": text,
            "its bytes": text.encode(),
            "a record of an SNS event": {"Sns": {"Message": text}},
            "a record of an SQS event": {"body": json.dumps({"Message": text})},
            "a message of SQS": {"Body": json.dumps({"Message": text})},
            "a raw message of SQS": {"Body": text},
            "an event of EventBridge": {"detail": self.completed},
        }
        for name, message in envelopes.items():
            with self.subTest(name):
                notification = parse_notification(message)
                assert notification is not None
                self.assertEqual(notification.output_location, "s3://bucket/key")

    def test_ignores_everything_else(self) -> None:
        messages = {
            "a test notification": TEST_NOTIFICATION,
            "no JSON": "text",
            "a number": 1,
            "null": None,
            "a list": [self.completed],
            "a notification without an ID": {**self.completed, "inferenceId": None},
            "a completed request without a location": {**self.completed, "responseParameters": None},
            "too many envelopes": {
                "Body": {"Body": {"Body": {"Body": {"Body": {"Body": {"Body": {"Body": self.completed}}}}}}}
            },
        }
        for name, message in messages.items():
            with self.subTest(name):
                self.assertIsNone(parse_notification(message))

    def test_ignores_other_endpoints(self) -> None:
        self.assertIsNone(parse_notification(self.completed, endpoint_name="summaries"))
        self.assertIsNotNone(parse_notification(self.completed, endpoint_name="languages"))

    def test_reads_failures_from_both_places(self) -> None:
        failed = {**self.completed, "invocationStatus": "Failed", "failureReason": "reason"}
        for place in (
            {"responseParameters": {"failureLocation": "s3://bucket/f"}},
            {"failureLocation": "s3://bucket/f"},
        ):
            notification = parse_notification({**failed, **place})
            assert notification is not None
            self.assertEqual((notification.status, notification.failure_location), ("failed", "s3://bucket/f"))
            self.assertEqual(notification.failure_reason, "reason")
            self.assertIsNone(notification.output_location)
        expired = parse_notification({**failed, "invocationStatus": "Expired"})
        assert expired is not None
        self.assertEqual(expired.status, "expired")

    def test_reads_responses_as_text_and_as_base64(self) -> None:
        for body in ({"content": "ü"}, {"content": base64.b64encode("ü".encode()).decode(), "encoding": "BASE64"}):
            notification = parse_notification({**self.completed, "responseBody": body})
            assert notification is not None
            self.assertEqual(notification.response, "ü".encode())


if __name__ == "__main__":
    unittest.main()
