"""Lambda's runtime API as a custom runtime sees it: hands out the events of a list one after the other, takes the answers,
and ends the program when the last is in. usage: lambda_runtime.py PROGRAM FILE

FILE is a JSON list of {"event": any value or, as "text", any bytes; "deadline_s": 120}. The program inherits the environment.
Prints one JSON object: "answers" (path, type: the error's header, body, seconds from the event to the answer), "exit" (the
program's exit code; null where it had to be ended), "init" (what it told instead of asking for an event), "start_s" (from
its start until it asked for the first event)."""

import http.server
import json
import os
import subprocess
import sys
import threading
import time

EVENTS = json.load(open(sys.argv[2], encoding="utf-8"))
TOLD = {"answers": [], "exit": None, "init": None, "start_s": None}
DONE = threading.Event()
STATE = {"given": 0, "sent": 0.0, "began": 0.0}
ID = "8476a536-e9f4-11e8-9739-%012d"


class Runtime(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def reply(self, status, body, headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):  # noqa: N802
        if self.path != "/2018-06-01/runtime/invocation/next":
            return self.reply(404, b"{}")
        if TOLD["start_s"] is None:
            TOLD["start_s"] = time.monotonic() - STATE["began"]
        if STATE["given"] > len(TOLD["answers"]):
            return self.reply(403, b'{"errorType":"InvalidStateTransition"}')
        if STATE["given"] == len(EVENTS):
            DONE.set()
            return time.sleep(60)  # frozen, as an execution environment between two invocations
        event = EVENTS[STATE["given"]]
        STATE["given"] += 1
        body = event["text"].encode() if "text" in event else json.dumps(event["event"]).encode()
        STATE["sent"] = time.monotonic()
        deadline = int((time.time() + event.get("deadline_s", 120)) * 1000)
        return self.reply(200, body, [("Content-Type", "application/json"), ("Lambda-Runtime-Aws-Request-Id", ID % STATE["given"]),
                                      ("Lambda-Runtime-Deadline-Ms", str(deadline)), ("Lambda-Runtime-Trace-Id", "Root=1-5bef4de7"),
                                      ("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:1:function:f")])

    def do_POST(self):  # noqa: N802
        took = time.monotonic() - STATE["sent"]
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        told = {"path": self.path, "type": self.headers.get("Lambda-Runtime-Function-Error-Type"), "body": json.loads(body), "s": took}
        what = self.path.replace("/2018-06-01/runtime/", "")
        if what == "init/error":
            TOLD["init"] = told
        elif what in ("invocation/" + ID % STATE["given"] + "/response", "invocation/" + ID % STATE["given"] + "/error"):
            told["path"] = what.rsplit("/", 1)[1]
            TOLD["answers"].append(told)
        else:
            return self.reply(400, b'{"errorType":"InvalidRequestID"}')
        return self.reply(202, b'{"status":"OK"}\n')

    def log_message(self, *_):
        pass


SERVER = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Runtime)
SERVER.daemon_threads = True
threading.Thread(target=SERVER.serve_forever, daemon=True).start()
STATE["began"] = time.monotonic()
PROGRAM = subprocess.Popen([sys.argv[1]], stdout=sys.stderr, env=dict(os.environ, AWS_LAMBDA_RUNTIME_API=f"127.0.0.1:{SERVER.server_port}"))
for _ in range(12000):
    TOLD["exit"] = PROGRAM.poll()
    if DONE.wait(0.05) or TOLD["exit"] is not None:
        break
if TOLD["exit"] is None:
    PROGRAM.kill()
    PROGRAM.wait()
print(json.dumps(TOLD), flush=True)
