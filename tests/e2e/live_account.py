"""A small account for live_once.sh: CloudWatch, EC2, Auto Scaling and STS as far as the controller asks, over HTTP, in
AWS's own protocols. Every signature is checked here, by other code than the client's. What it looks like stands in
FOLDER/world; what was called goes to FOLDER/calls. With a second argument it speaks TLS with that certificate and key."""

import datetime
import hashlib
import hmac
import http.server
import json
import os
import re
import ssl
import sys
import time
import urllib.parse

FOLDER = sys.argv[1]
SECRET = "hush-hush"


def signature_is_right(headers, body):
    match = re.fullmatch(r"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/(\d{8})/([^/]+)/([^/]+)/aws4_request, "
                         r"SignedHeaders=([^,]+), Signature=([0-9a-f]{64})", headers.get("Authorization", ""))
    if not match:
        return False
    day, region, service, names, signature = match.groups()
    now = datetime.datetime.strptime(headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ")
    if abs((datetime.datetime.utcnow() - now).total_seconds()) > 300:
        return False
    lines = "".join(f"{name}:{' '.join(headers[name].split())}\n" for name in names.split(";"))
    canonical = "\n".join(["POST", "/", "", lines, names, hashlib.sha256(body).hexdigest()])
    to_sign = "\n".join(["AWS4-HMAC-SHA256", headers["X-Amz-Date"], f"{day}/{region}/{service}/aws4_request",
                         hashlib.sha256(canonical.encode()).hexdigest()])
    key = ("AWS4" + SECRET).encode()
    for part in (day, region, service, "aws4_request", to_sign):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.compare_digest(key.hex(), signature)


def error(code, message="no"):
    return 400, (f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
                 "<RequestId>r-1</RequestId></ErrorResponse>")


def metric(world, form, name):
    start = int(datetime.datetime.fromisoformat(form["StartTime"].replace("Z", "+00:00")).timestamp())
    end = int(datetime.datetime.fromisoformat(form["EndTime"].replace("Z", "+00:00")).timestamp())
    key = {"PendingCapacity": "pending", "TargetCapacity": "target"}[form["MetricName"]]
    points = ""
    if key in world and (key != "target" or "pending" in world):
        for stamp in range(start - start % 60, end - 60, 60):
            when = datetime.datetime.utcfromtimestamp(stamp).strftime("%Y-%m-%dT%H:%M:%SZ")
            points += (f"<member><Timestamp>{when}</Timestamp><Unit>Count</Unit>"
                       f"<{form['Statistics.member.1']}>{float(world[key])}</{form['Statistics.member.1']}></member>")
    return 200, f"<{name}Response><{name}Result><Datapoints>{points}</Datapoints></{name}Result></{name}Response>"


def answer(world, form):
    name = form["Action"]
    if name == "GetMetricStatistics":
        return metric(world, form, name)
    if name == "DescribeAutoScalingGroups":
        group = (f"<member><AutoScalingGroupName>grp</AutoScalingGroupName><MinSize>0</MinSize><MaxSize>20</MaxSize>"
                 f"<DesiredCapacity>{world['desired']}</DesiredCapacity><Instances/></member>")
        return 200, (f"<{name}Response><{name}Result><AutoScalingGroups>{group}</AutoScalingGroups></{name}Result>"
                     f"</{name}Response>")
    if name == "SetDesiredCapacity":
        time.sleep(world.get("slow", 0))
        if "refuse" in world:
            return error(world["refuse"])
        return 200, f"<{name}Response><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></{name}Response>"
    return error("InvalidAction", name)


class Account(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):  # noqa: N802
        body = self.rfile.read(int(self.headers["Content-Length"]))
        form = dict(urllib.parse.parse_qsl(body.decode()))
        with open(os.path.join(FOLDER, "world"), encoding="utf-8") as file:
            world = json.load(file)
        if "fail" in world:
            status, reply = world["fail"], ""
        elif not signature_is_right(self.headers, body):
            status, reply = error("SignatureDoesNotMatch")
        else:
            with open(os.path.join(FOLDER, "calls"), "a", encoding="utf-8") as file:
                print(form["Action"], form.get("DesiredCapacity", ""), form.get("HonorCooldown", ""), file=file)
            status, reply = answer(world, form)
        self.send_response(status)
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply.encode())

    def log_message(self, *_):
        pass


open(os.path.join(FOLDER, "calls"), "w", encoding="utf-8").close()
SERVER = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Account)
if len(sys.argv) > 2:
    TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    TLS.load_cert_chain(sys.argv[2])
    SERVER.socket = TLS.wrap_socket(SERVER.socket, server_side=True)
with open(os.path.join(FOLDER, "port.tmp"), "w", encoding="utf-8") as port:
    print(SERVER.server_port, file=port)
os.rename(os.path.join(FOLDER, "port.tmp"), os.path.join(FOLDER, "port"))
SERVER.serve_forever()
