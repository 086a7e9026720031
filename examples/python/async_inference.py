"""Sends payloads inline to an asynchronous endpoint, waits for results, and reads notifications.

Copy this file into your application. It needs nothing but boto3 1.43.29 or newer, whose clients you pass in. Older versions do not
know the parameter `Body` of `invoke_endpoint_async`.
"""

from __future__ import annotations

import base64
import dataclasses
import json
import random
import time
import typing
import uuid
from datetime import datetime, timedelta, timezone

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

MAX_INLINE_PAYLOAD_BYTES = 128_000
"""The largest payload that the service accepts inline, in bytes."""

DEFAULT_REQUEST_TTL_SECONDS = 21_600
DEFAULT_INVOCATION_TIMEOUT_SECONDS = 900
GRACE_SECONDS = 60

MAX_ENVELOPES = 8
"""How deep envelopes are read: the record of a queue around the envelope of SNS around the notification, each as JSON text."""

Outcome = typing.Literal["completed", "failed", "expired"]


class SageMakerRuntime(typing.Protocol):
    """What is used of `boto3.client("sagemaker-runtime")`."""

    @property
    def invoke_endpoint_async(self) -> typing.Callable[..., typing.Any]: ...


class S3(typing.Protocol):
    """What is used of `boto3.client("s3")`."""

    @property
    def get_object(self) -> typing.Callable[..., typing.Any]: ...


class PayloadTooLargeError(ValueError):
    """The payload is too large to be sent inline."""


class ResultTimeoutError(TimeoutError):
    """There is no result yet. It may still arrive: wait again with the same request."""


@dataclasses.dataclass(frozen=True)
class AcceptedInference:
    """A request that is in the queue of the endpoint."""

    inference_id: str
    output_location: str
    failure_location: str | None = None
    answer_by: datetime | None = None
    """The last moment at which the endpoint may still respond. Without it, a wait never ends with "expired"."""


@dataclasses.dataclass(frozen=True)
class InferenceResult:
    """The result or the failure of a request."""

    status: Outcome
    """Whether `body` is the response of the model or its error. An expired request has neither."""
    body: bytes = b""
    content_type: str | None = None
    location: str | None = None


@dataclasses.dataclass(frozen=True)
class InferenceNotification:
    """What SageMaker publishes about a request."""

    status: Outcome
    inference_id: str
    endpoint_name: str
    output_location: str | None = None
    failure_location: str | None = None
    failure_reason: str | None = None
    input_location: str | None = None
    custom_attributes: str | None = None
    received_time: str | None = None
    event_time: str | None = None
    response: bytes | None = None
    """The response of the model, if the endpoint includes it in notifications."""
    content_type: str | None = None


def invoke_inline(
    sagemaker_runtime: SageMakerRuntime,
    endpoint_name: str,
    payload: bytes | str,
    *,
    content_type: str = "application/json",
    accept: str | None = None,
    custom_attributes: str | None = None,
    inference_id: str | None = None,
    request_ttl_seconds: int | None = None,
    invocation_timeout_seconds: int | None = None,
) -> AcceptedInference:
    """Sends a payload of up to 128,000 bytes inline. Text is sent as UTF-8.

    The service accepts an inference ID more than once. A call that you repeat after a lost response is a second request.

    :raises PayloadTooLargeError: if the payload is larger
    :raises ValueError: if the payload is empty
    """
    body = payload.encode() if isinstance(payload, str) else bytes(payload)
    if not body:
        raise ValueError("payload must have at least one byte")
    if len(body) > MAX_INLINE_PAYLOAD_BYTES:
        raise PayloadTooLargeError(
            f"payload must be at most {MAX_INLINE_PAYLOAD_BYTES} bytes to be sent inline, got {len(body)}: "
            "send larger payloads through Amazon S3 with InputLocation"
        )
    options = {
        "Accept": accept,
        "CustomAttributes": custom_attributes,
        "RequestTTLSeconds": request_ttl_seconds,
        "InvocationTimeoutSeconds": invocation_timeout_seconds,
    }
    sent_id = inference_id if inference_id is not None else str(uuid.uuid4())
    response = sagemaker_runtime.invoke_endpoint_async(
        EndpointName=endpoint_name,
        Body=body,
        ContentType=content_type,
        InferenceId=sent_id,
        **{name: value for name, value in options.items() if value is not None},
    )
    lifetime = (
        (DEFAULT_REQUEST_TTL_SECONDS if request_ttl_seconds is None else request_ttl_seconds)
        + (DEFAULT_INVOCATION_TIMEOUT_SECONDS if invocation_timeout_seconds is None else invocation_timeout_seconds)
        + GRACE_SECONDS
    )
    return AcceptedInference(
        inference_id=response.get("InferenceId") or sent_id,
        output_location=response["OutputLocation"],
        failure_location=response.get("FailureLocation"),
        answer_by=datetime.now(timezone.utc) + timedelta(seconds=lifetime),
    )


def wait_for_result(
    s3: S3,
    accepted: AcceptedInference,
    *,
    timeout_seconds: float,
    first_pause_seconds: float = 0.5,
    longest_pause_seconds: float = 15.0,
) -> InferenceResult:
    """Waits until the result or the failure of a request is in Amazon S3.

    The caller needs `s3:GetObject` on both locations and `s3:ListBucket` on the bucket. `endpoint.grants.read_results` allows both.
    A subscription to notifications is faster, and it is the only way to learn of a failure without a failure location.

    :raises ResultTimeoutError: if there is no result in time
    """
    if not timeout_seconds > 0:
        raise ValueError(f"timeout_seconds must be more than 0, got {timeout_seconds}")
    end = time.monotonic() + timeout_seconds
    pause = first_pause_seconds
    while True:
        # Read the clock first: an object that is missing after this moment stays missing.
        is_late = accepted.answer_by is not None and datetime.now(timezone.utc) > accepted.answer_by
        try:
            result = _read(s3, "completed", accepted.output_location) or _read(s3, "failed", accepted.failure_location)
            if result is not None:
                return result
            if is_late:
                return InferenceResult("expired")
        except Exception as error:
            if not _is_transient(error):
                raise
        remaining = end - time.monotonic()
        if remaining <= 0:
            raise ResultTimeoutError(
                f"there is no result of inference {accepted.inference_id} after {timeout_seconds} seconds. It may still arrive."
            )
        # Callers that wait for one batch should not all read at the same moment.
        time.sleep(min(pause * random.uniform(0.5, 1.0), remaining))
        pause = min(pause * 1.5, longest_pause_seconds)


def parse_notification(message: object, *, endpoint_name: str | None = None) -> InferenceNotification | None:
    """Reads the notification of a result in any envelope.

    The message is a record of an SNS or SQS event of Lambda, a message that `receive_message` returned, an HTTP delivery of SNS, an
    event of EventBridge, or the notification itself, as a mapping or as JSON text.

    :param endpoint_name: ignore notifications of other endpoints
    :returns: None if the message is not the notification of a result, such as a `TestNotification`
    """
    notification = _unwrap(message, MAX_ENVELOPES)
    if notification is None or notification.get("eventName") != "InferenceResult":
        return None
    request = _mapping(notification, "requestParameters")
    response = _mapping(notification, "responseParameters")
    inference_id = _text(notification, "inferenceId")
    name = _text(request, "endpointName")
    status = _text(notification, "invocationStatus")
    output_location = _text(response, "outputLocation")
    if not inference_id or not name or not status:
        return None
    if endpoint_name is not None and endpoint_name.lower() != name.lower():
        return None
    is_completed = status == "Completed"
    if is_completed and not output_location:
        return None
    return InferenceNotification(
        status="completed" if is_completed else "expired" if status == "Expired" else "failed",
        inference_id=inference_id,
        endpoint_name=name,
        output_location=output_location if is_completed else None,
        # The location of a failure was seen in both places.
        failure_location=None
        if is_completed
        else _text(response, "failureLocation") or _text(notification, "failureLocation"),
        failure_reason=None if is_completed else _text(notification, "failureReason"),
        input_location=_text(request, "inputLocation"),
        custom_attributes=_text(request, "customAttributes"),
        received_time=_text(notification, "receivedTime"),
        event_time=_text(notification, "eventTime"),
        response=_response(notification),
        content_type=_text(response, "contentType"),
    )


def _read(s3: S3, status: Outcome, location: str | None) -> InferenceResult | None:
    if location is None:
        return None
    bucket, _, key = location.removeprefix("s3://").partition("/")
    try:
        response = s3.get_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchKey":
            return None
        raise
    return InferenceResult(
        status=status, body=response["Body"].read(), content_type=response.get("ContentType"), location=location
    )


def _is_transient(error: Exception) -> bool:
    if isinstance(error, ClientError):
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        return status >= 500 or status == 429
    return isinstance(error, (ConnectionError, HTTPClientError))


def _unwrap(message: object, envelopes: int) -> typing.Mapping[str, object] | None:
    if envelopes == 0:
        return None
    if isinstance(message, (str, bytes)):
        try:
            return _unwrap(json.loads(message), envelopes - 1)
        except ValueError:
            return None
    if not isinstance(message, typing.Mapping):
        return None
    if message.get("eventSource") == "aws:sagemaker":
        return message
    for name in ("Sns", "Message", "body", "Body", "detail"):
        if message.get(name) is not None:
            return _unwrap(message[name], envelopes - 1)
    return None


def _mapping(values: typing.Mapping[str, object], name: str) -> typing.Mapping[str, object]:
    value = values.get(name)
    return value if isinstance(value, typing.Mapping) else {}


def _text(values: typing.Mapping[str, object], name: str) -> str | None:
    value = values.get(name)
    return value if isinstance(value, str) else None


def _response(notification: typing.Mapping[str, object]) -> bytes | None:
    body = _mapping(notification, "responseBody")
    content = _text(body, "content")
    if content is None:
        return None
    return base64.b64decode(content) if body.get("encoding") == "BASE64" else content.encode()
