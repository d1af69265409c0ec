"""page.py PAGE PICTURES TABLES: a page that stands alone has so many pictures and tables, is well-formed, names nothing twice,
fetches nothing and runs nothing, whatever stands in it."""

import html.parser
import sys


class Reader(html.parser.HTMLParser):
    void = {"meta", "br", "wbr", "rect", "path", "use", "circle", "polygon"}

    def __init__(self):
        super().__init__()
        self.open, self.seen, self.ids, self.used = [], {}, [], set()

    def handle_starttag(self, tag, attributes):
        self.seen[tag] = self.seen.get(tag, 0) + 1
        for key, value in attributes:
            assert not key.startswith("on"), (tag, key)
            assert key not in ("src", "srcset"), (tag, key, value)
            if key == "id":
                self.ids.append(value)
            if key.endswith("href"):
                assert (value or "").startswith("#"), (tag, key, value)
                self.used.add(value[1:])
        if tag not in self.void:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in self.void:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag not in self.void:
            assert self.open and self.open[-1] == tag, (tag, self.open[-3:])
            self.open.pop()


page, pictures, tables = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
with open(page, encoding="utf-8") as file:
    text = file.read()
reader = Reader()
reader.feed(text)
assert reader.open == [], reader.open
assert not {"script", "link", "iframe", "object", "image", "img"} & set(reader.seen), reader.seen
assert reader.seen["svg"] == pictures and reader.seen["table"] == tables, reader.seen
assert len(reader.ids) == len(set(reader.ids)), "an id is there twice"
assert reader.used <= set(reader.ids), reader.used - set(reader.ids)
