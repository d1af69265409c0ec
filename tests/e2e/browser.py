"""browser.py CHROMIUM PAGE...: pages as a reader has them, at the width of a screen and of a phone, light and dark.

Nothing lies over anything else or leaves its picture, nothing but a table or a picture has to be scrolled sideways, each text
can be read against what is behind it (WCAG 2.1 AA), the tab key reaches all that can be opened or scrolled, in order and
visibly, and nothing is fetched. The browser is spoken to through a pipe, in its DevTools protocol."""

import json
import os
import subprocess
import sys
import tempfile

LOOK = r"""
(() => {
  const wrong = [];
  const name = e => `${e.tagName} "${(e.textContent || "").trim().slice(0, 40)}"`;
  const overlap = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
                         && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  const seen = e => { const r = e.getBoundingClientRect(); return r.width > 0 && r.height > 0; };

  const blocks = [...document.querySelector("main").children].filter(seen);
  blocks.forEach((block, i) => {
    if (i && overlap(blocks[i - 1].getBoundingClientRect(), block.getBoundingClientRect()))
      wrong.push(`${name(blocks[i - 1])} and ${name(block)} lie over each other`);
  });
  for (const svg of document.querySelectorAll("svg")) {
    const frame = svg.getBoundingClientRect();
    const texts = [...svg.querySelectorAll("text")].filter(t => t.textContent.trim() && seen(t));
    texts.forEach((text, i) => {
      const box = text.getBoundingClientRect();
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1)
        wrong.push(`${name(text)} leaves its picture`);
      for (const other of texts.slice(0, i))
        if (overlap(box, other.getBoundingClientRect())) wrong.push(`${name(other)} and ${name(text)} lie over each other`);
    });
  }
  if (document.documentElement.scrollWidth > innerWidth) wrong.push(`the page is ${document.documentElement.scrollWidth} wide`);
  for (const e of document.querySelectorAll("*")) {
    const scrolls = e.scrollWidth > e.clientWidth + 1 && ["auto", "scroll"].includes(getComputedStyle(e).overflowX);
    if (scrolls && e.tabIndex < 0) wrong.push(`${name(e)} can be scrolled, but not by keys`);
  }

  const probe = document.createElement("div");
  document.body.append(probe);
  const colour = text => {
    probe.style.color = "";
    probe.style.color = text;
    const [r, g, b, a] = getComputedStyle(probe).color.match(/[\d.]+/g).map(Number);
    return [r, g, b, a === undefined ? 1 : a];
  };
  const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const light = c => {
    const [r, g, b] = c.map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => { const [x, y] = [light(a), light(b)]; return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05); };
  const canvas = colour("Canvas");
  const behind = e => {
    const layers = [];
    const svg = e.closest("svg");
    if (svg) {  // the topmost shape that the text stands on, once it is in sight
      e.scrollIntoView({block: "nearest", inline: "center"});
      const box = e.getBoundingClientRect();
      const shape = document.elementsFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2)
        .find(s => svg.contains(s) && /^(rect|path|polygon)$/.test(s.tagName) && getComputedStyle(s).fill !== "none");
      if (shape) layers.push(colour(getComputedStyle(shape).fill));
    }
    for (let at = e; at; at = at.parentElement) layers.push(colour(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((below, top) => over(top, below), canvas);
  };
  let read = 0;
  for (const e of document.querySelectorAll("body *")) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) || !seen(e) || e.tagName === "STYLE") continue;
    const style = getComputedStyle(e);
    const below = behind(e);
    const own = colour(e.closest("svg") ? style.fill : style.color);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const got = ratio(over(own, below), below);
    if (got < (large ? 3 : 4.5)) wrong.push(`${name(e)} has a contrast of ${got.toFixed(2)}`);
    read++;
  }
  for (const key of document.querySelectorAll(".key")) {
    const got = ratio(colour(getComputedStyle(key).backgroundColor), canvas);
    if (got < 3) wrong.push(`the key of ${name(key.parentElement)} has a contrast of ${got.toFixed(2)}`);
  }
  probe.remove();
  const stops = [...document.querySelectorAll("a[href], summary, [tabindex]")].filter(seen);
  window.stops = stops;
  return { wrong, read, stops: stops.length, dark: light(canvas) < 0.5 };
})()
"""

STOP = r"""
(() => {
  const e = document.activeElement;
  const style = getComputedStyle(e);
  return { at: window.stops.indexOf(e), visible: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0,
           name: `${e.tagName} "${(e.textContent || "").trim().slice(0, 40)}"` };
})()
"""


class Browser:
    def __init__(self, program, folder):
        ours_in, theirs_out = os.pipe()
        theirs_in, ours_out = os.pipe()

        def place():
            os.dup2(theirs_in, 63)  # neither may be 3 or 4 already
            os.dup2(theirs_out, 64)
            os.dup2(63, 3)
            os.dup2(64, 4)

        self.process = subprocess.Popen(
            [program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             f"--user-data-dir={folder}", "--remote-debugging-pipe", "about:blank"],
            preexec_fn=place, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(theirs_in)
        os.close(theirs_out)
        self.read, self.write = os.fdopen(ours_in, "rb"), os.fdopen(ours_out, "wb", buffering=0)
        self.waiting, self.number, self.events, self.session = b"", 0, [], None
        targets = self.call("Target.getTargets")["targetInfos"]
        page = next(target["targetId"] for target in targets if target["type"] == "page")
        self.session = self.call("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.call(f"{domain}.enable")
        self.call("Page.setLifecycleEventsEnabled", enabled=True)

    def message(self):
        while b"\0" not in self.waiting:
            more = self.read.read1(65536)
            assert more, "the browser has ended"
            self.waiting += more
        one, self.waiting = self.waiting.split(b"\0", 1)
        return json.loads(one)

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        self.write.write(json.dumps(message).encode() + b"\0")
        while True:
            answer = self.message()
            if answer.get("id") == self.number:
                assert "error" not in answer, (method, answer)
                return answer["result"]
            self.events.append(answer)

    def wait(self, method, **parameters):
        while not any(event.get("method") == method and parameters.items() <= event["params"].items() for event in self.events):
            self.events.append(self.message())

    def evaluate(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"]["value"]

    def tab(self):
        for kind in ("rawKeyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)

    def open(self, address, width, dark):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        self.events.clear()
        loader = self.call("Page.navigate", url=address)["loaderId"]
        self.wait("Page.lifecycleEvent", name="load", loaderId=loader)
        # As high as the page, so that all of it is in sight.
        height = self.evaluate("document.documentElement.scrollHeight")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)


def look(browser, page, width, dark):
    address = "file://" + os.path.abspath(page)
    browser.open(address, width, dark)
    seen = browser.evaluate(LOOK)
    wrong = seen["wrong"]
    assert seen["dark"] == dark and seen["read"] > 20 and seen["stops"] > 3, seen
    for expected in range(seen["stops"]):
        browser.tab()
        stop = browser.evaluate(STOP)
        if stop["at"] != expected:
            wrong.append(f"the tab key reaches {stop['name']} as {stop['at']}, not as {expected}")
            break
        if not stop["visible"]:
            wrong.append(f"{stop['name']} does not show that it has the focus")
    for event in browser.events:
        method, parameters = event.get("method"), event.get("params", {})
        if method == "Network.requestWillBeSent" and parameters["request"]["url"] != address:
            wrong.append("fetched: " + parameters["request"]["url"])
        if method in ("Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown"):
            wrong.append(f"the browser says: {parameters}")
    return [f"{page}, {width} wide, {'dark' if dark else 'light'}: {one}" for one in wrong]


with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
    chromium = Browser(sys.argv[1], profile)
    try:
        found = [one for name in sys.argv[2:] for width, dark in ((1280, False), (390, True)) for one in look(chromium, name, width, dark)]
    finally:
        chromium.process.kill()
        chromium.process.wait()
print("\n".join(found[:40]))
sys.exit(1 if found else 0)
