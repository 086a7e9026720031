"""Reads the token of the Hugging Face hub from AWS Secrets Manager, and becomes the command of its arguments with it.

HF_TOKEN_SECRET is the name or the ARN of the secret. The token is in the environment of this container, and nowhere else.
"""

import os
import sys

import botocore.session

secret_id = os.environ["HF_TOKEN_SECRET"]
secrets_manager = botocore.session.get_session().create_client("secretsmanager")
os.environ["HF_TOKEN"] = secrets_manager.get_secret_value(SecretId=secret_id)["SecretString"].strip()
os.execvp(sys.argv[1], sys.argv[1:])
