"""examples/llm/hub-image/with_hub_token.py, with botocore, against a local server that answers as AWS Secrets Manager."""

import http.server
import json
import os
import subprocess
import sys
import threading
import typing
import unittest

SCRIPT = os.environ["SCRIPT"]


class SecretsManager(http.server.BaseHTTPRequestHandler):
    """Has one secret, and keeps what was asked."""

    requests: typing.ClassVar[list[tuple[str, object]]] = []

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.requests.append((self.headers["X-Amz-Target"], request))
        found = request == {"SecretId": "huggingface-token"}
        response = {"SecretString": "a token\n"} if found else {"__type": "ResourceNotFoundException"}
        body = json.dumps(response).encode()
        self.send_response(200 if found else 400)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


class WithHubToken(unittest.TestCase):
    def setUp(self) -> None:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), SecretsManager)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.url = f"http://127.0.0.1:{server.server_port}"
        SecretsManager.requests.clear()

    def start(self, secret: str, *command: str) -> "subprocess.CompletedProcess[str]":
        environment = {
            "PATH": os.environ["PATH"],
            "HF_TOKEN_SECRET": secret,
            "AWS_DEFAULT_REGION": "eu-central-1",
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_ENDPOINT_URL_SECRETS_MANAGER": self.url,
        }
        return subprocess.run([sys.executable, SCRIPT, *command], env=environment, capture_output=True, text=True)

    def test_the_command_runs_with_the_token_and_the_arguments_of_sagemaker(self) -> None:
        started = self.start("huggingface-token", "sh", "-c", 'echo "$HF_TOKEN|$1"', "entrypoint", "serve")
        self.assertEqual((started.returncode, started.stdout), (0, "a token|serve\n"), started.stderr)
        self.assertEqual(
            SecretsManager.requests, [("secretsmanager.GetSecretValue", {"SecretId": "huggingface-token"})]
        )

    def test_the_command_replaces_the_process_so_that_it_receives_signals(self) -> None:
        started = self.start("huggingface-token", "sh", "-c", "kill -TERM $$")
        self.assertEqual(started.returncode, -15)

    def test_the_command_does_not_run_without_the_secret(self) -> None:
        started = self.start("another", "echo", "running")
        self.assertNotEqual(started.returncode, 0)
        self.assertEqual(started.stdout, "")
        self.assertIn("ResourceNotFoundException", started.stderr)


if __name__ == "__main__":
    unittest.main()
