"""Raw bytes to a twin: twin_bad_requests.py URL. Each must be answered with the status said, or be closed, or, where it is
not whole, waited for; after each the twin still says its time."""
import random
import socket
import sys

HOST, PORT = sys.argv[1].removeprefix("http://").split(":")


CLOSED, WAITING = 0, -1


def reply_to(data, *, patience=120):
    """The status of the reply to these bytes, or what became of the connection without one."""
    reply = b""
    with socket.create_connection((HOST, int(PORT)), timeout=120) as connection:
        connection.settimeout(patience)
        try:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            while True:
                more = connection.recv(65536)
                if not more:
                    break
                reply += more
        except TimeoutError:
            return WAITING
        except OSError:  # closed, before all was sent or while it was
            pass
    words = reply.split(b" ", 2)
    return int(words[1]) if len(words) == 3 and words[0].startswith(b"HTTP/") else CLOSED


def request(head, body=b"", **headers):
    lines = [head, "Host: twin", "Connection: close"] + [f"{name.replace('_', '-')}: {value}"
                                                        for name, value in headers.items()]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def post(body, path="/", **headers):
    return request(f"POST {path} HTTP/1.1", body, Content_Length=len(body), **headers)


def expect(what, data, *statuses):
    status = reply_to(data, patience=0.3 if WAITING in statuses else 120)
    assert status in statuses, f"{what}: {status}, not one of {statuses}"
    alive = reply_to(request("GET /_ballast/clock HTTP/1.1"))
    assert alive == 200, f"after {what}: {alive}"


FORM = b"Action=GetCallerIdentity&Version=2011-06-15"
expect("nothing", b"", CLOSED, WAITING)
expect("no HTTP", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", CLOSED, WAITING, 400)
expect("half a head", b"POST / HTTP/1.1\r\nHost: tw", CLOSED, WAITING, 400)
expect("half a body", request("POST / HTTP/1.1", b"Action=", Content_Length=100), CLOSED, WAITING, 400)
expect("no length", request("POST / HTTP/1.1", FORM), 400, 403)
expect("a wrong length", request("POST / HTTP/1.1", FORM, Content_Length="many"), CLOSED, 400)
expect("a long line", request("GET /" + "x" * 100000 + " HTTP/1.1"), CLOSED, 400, 414, 431)
expect("a large header", request("GET / HTTP/1.1", Large="x" * 100000), CLOSED, 400, 413, 431)
expect("many headers", request("GET / HTTP/1.1", **{f"H{number}": "x" for number in range(100)}), 431)
expect("a large body", post(b"x" * (9 << 20)), 413)
expect("an odd method", request("BREW / HTTP/1.1"), 405)
expect("no clock of that name", request("GET /_ballast/time HTTP/1.1"), 404)
expect("a body for a clock", post(b"\xff\x00{", "/_ballast/clock"), 400)
expect("unsigned", post(FORM), 403)
expect("chunks", request("POST / HTTP/1.1", b"5\r\nActio\r\n26\r\n" + FORM[5:] + b"\r\n0\r\n\r\n", Transfer_Encoding="chunked"),
       403)
expect("HTTP/1.0", b"GET /_ballast/clock HTTP/1.0\r\n\r\n", 200)
expect("an odd signature", post(FORM, Authorization="AWS4-HMAC-SHA256 " + "Credential=" * 200, X_Amz_Date="2"), 400)
expect("NUL in a form", post(b"Action=%00&Version=2011-06-15"), 400)
expect("CBOR that claims much", post(b"\xbb\x7f\xff\xff\xff\xff\xff\xff\xff",
                                     "/service/GraniteServiceVersion20100801/operation/GetMetricData",
                                     smithy_protocol="rpc-v2-cbor"), 400)
expect("gzip that is none", post(b"\x1f\x8b\x08 no", Content_Encoding="gzip"), 400)

SEED = 20261125
print(f"seed {SEED}")
rng = random.Random(SEED)
GOOD = post(FORM, Authorization="AWS4-HMAC-SHA256 Credential=twin/20261125/us-east-1/sts/aws4_request, "
            "SignedHeaders=host;x-amz-date, Signature=" + "0" * 64, X_Amz_Date="20261125T000000Z")
for _ in range(100):
    changed = bytearray(GOOD)
    for _ in range(rng.randint(1, 8)):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    reply_to(bytes(changed), patience=0.05)
assert reply_to(request("GET /_ballast/clock HTTP/1.1")) == 200
