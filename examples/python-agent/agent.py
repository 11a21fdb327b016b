"""An agent for Longhaul in Python, standard library only: counts the words of a message.

At once when the message is short; a message of more than 20 words, or one that begins with "later", is answered
202 and counted in a thread, with progress and the result by signed callback. The contract: docs/http-agents.md.

    AGENT_SECRET=… python3 agent.py 9000
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = os.environ["AGENT_SECRET"].encode()
jobs = {}  # execution id -> threading.Event that says: stop
lock = threading.Lock()


def sign(message_id, timestamp, body):
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(SECRET, signed, hashlib.sha256).digest()).decode()


def is_signed(headers, body):
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > 300:
        return False
    expected = sign(message_id, timestamp, body)
    return any(hmac.compare_digest(expected, one) for one in headers.get("webhook-signature", "").split())


def call_back(job, answer):
    """Sends until it is taken; what is refused for good (4xx) is not sent again."""
    body = json.dumps({"execution_id": job["execution_id"], "attempt": job["attempt"], **answer}).encode()
    for pause in (0, 1, 2, 4, 8, 16, 32, 60):
        time.sleep(pause)
        timestamp = str(int(time.time()))
        message_id = f"{job['execution_id']}.{answer['status']}"
        headers = {
            "content-type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": timestamp,
            "webhook-signature": sign(message_id, timestamp, body),
        }
        try:
            urllib.request.urlopen(urllib.request.Request(job["callback_url"], body, headers), timeout=10).close()
            return
        except urllib.error.HTTPError as error:
            if error.code < 500 and error.code not in (408, 429):
                print(f"callback refused: {error.code} {error.read().decode()}", flush=True)
                return
        except OSError as error:
            print(f"callback not delivered, trying again: {error}", flush=True)


def work(job, words, stop):
    for done in range(1, len(words) + 1):
        if stop.wait(0.2):
            print(f"stopped {job['execution_id']}", flush=True)
            break
        percent = round(100 * done / len(words))
        call_back(job, {"status": "running", "progress": {"percent": percent, "message": "counting"}})
    else:
        call_back(job, {"status": "completed", "output": {"words": len(words)}})
    with lock:
        jobs.pop(job["execution_id"], None)


class Agent(BaseHTTPRequestHandler):
    def read(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if is_signed(self.headers, body):
            return body
        self.answer(401, {"error": "the signature is wrong: is AGENT_SECRET the one of the gateway?"})

    def do_POST(self):
        body = self.read()
        if body is None:
            return
        job = json.loads(body)
        words = job["input"]["message"].split()
        if len(words) <= 20 and words[:1] != ["later"]:
            return self.answer(200, {"output": {"words": len(words)}})
        with lock:  # the same execution again (its worker died): it is already at work
            if job["execution_id"] not in jobs:
                jobs[job["execution_id"]] = stop = threading.Event()
                threading.Thread(target=work, args=(job, words, stop), daemon=True).start()
        self.answer(202, {})

    def do_DELETE(self):
        if self.read() is None:
            return
        with lock:
            job = jobs.get(self.path.split("?")[0].rsplit("/", 1)[-1])
        if job:
            job.set()
        self.answer(200, {})

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


port = int(sys.argv[1]) if len(sys.argv) > 1 else 9000
server = ThreadingHTTPServer(("127.0.0.1", port), Agent)
print(f"agent on http://127.0.0.1:{server.server_port}/", flush=True)
server.serve_forever()
