"""CloudWatch with 455 days of a metric, as far as GetMetricData goes: trace_fetch_metric.py FOLDER. Writes FOLDER/port, then answers. What AWS
documents not to answer is written to FOLDER/refused: periods finer than what is kept of the time asked for, and more points than one call may have.
While FOLDER/broken is there it fails every seventh call."""
import datetime
import http.server
import pathlib
import sys
import time
import urllib.parse

FOLDER = pathlib.Path(sys.argv[1])
DAY_S = 86400
PAGE = 500
calls = 0


def moment(text):
    return int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())


def stamp(time_s):
    return datetime.datetime.fromtimestamp(time_s, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class CloudWatch(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # each reply in one piece

    def log_message(self, *_):
        pass

    def do_POST(self):
        global calls
        calls += 1
        form = {key: values[0] for key, values in
                urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()).items()}
        if (FOLDER / "broken").exists() and calls % 7 == 0:
            self.send_response(503)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        metric = "MetricDataQueries.member.1.MetricStat."
        start_s, end_s, period_s = moment(form["StartTime"]), moment(form["EndTime"]), int(form[metric + "Period"])
        age_s = time.time() - start_s
        finest_s = 60 if age_s <= 15 * DAY_S else 300 if age_s <= 63 * DAY_S else 3600
        if age_s > 455 * DAY_S or period_s % finest_s or start_s % period_s or (end_s - start_s) / period_s > 100800:
            with open(FOLDER / "refused", "a", encoding="utf-8") as file:
                print(form, file=file)
        times = range(start_s, end_s, period_s)
        first = int(form.get("NextToken", "0"))
        page = times[first:first + PAGE]
        more = first + PAGE < len(times)
        list_of = lambda name, values: f"<{name}>" + "".join(f"<member>{value}</member>" for value in values) + f"</{name}>"
        known = form[metric + "Metric.MetricName"] == "Orders" and form[metric + "Metric.Dimensions.member.2.Value"] == "eu west"
        reply = ("<GetMetricDataResponse><GetMetricDataResult><MetricDataResults><member><Id>m1</Id>"
                 + list_of("Timestamps", map(stamp, page if known else ()))
                 + list_of("Values", (time_s // DAY_S % 50 + 1 for time_s in (page if known else ())))
                 + f"<StatusCode>{'PartialData' if more else 'Complete'}</StatusCode></member></MetricDataResults>"
                 + (f"<NextToken>{first + PAGE}</NextToken>" if more else "")
                 + "</GetMetricDataResult></GetMetricDataResponse>").encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), CloudWatch)
(FOLDER / "port").write_text(str(server.server_address[1]), encoding="utf-8")
server.serve_forever()
