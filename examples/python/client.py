"""Sends a text to the endpoint that the stack defines, and prints its language."""

import json
import sys

import boto3
from async_inference import invoke_inline, wait_for_result

endpoint_name, text = sys.argv[1:]
accepted = invoke_inline(boto3.client("sagemaker-runtime"), endpoint_name, json.dumps({"inputs": text}))
print(f"{accepted.inference_id}: waiting for {accepted.output_location}")
result = wait_for_result(boto3.client("s3"), accepted, timeout_seconds=1800)
print(result.status, result.body.decode())
