"""Every check of tidy.py finds what it is there to find, and leaves what is right alone."""

import os
import tempfile
import unittest

import tidy

GUARD = "#ifndef {0}\n#define {0}\n{1}#endif\n"


class TidyItself(unittest.TestCase):
    def check(self, files):
        with tempfile.TemporaryDirectory() as root:
            for name, text in files.items():
                os.makedirs(os.path.dirname(os.path.join(root, name)), exist_ok=True)
                with open(os.path.join(root, name), "w", encoding="utf-8") as file:
                    file.write(text)
            return list(tidy.findings(root))

    def assert_finds(self, files, place, word):
        found = self.check(files)
        self.assertEqual(len(found), 1, found)
        self.assertTrue(found[0].startswith(place), found)
        self.assertIn(word, found[0])

    def test_tidy_tree(self):
        self.assertEqual(self.check({
            "base/kit.h": GUARD.format("BASE_KIT_H", ""),
            "sim/engine.c": '#include "base/kit.h"\n/* time() is not called */\nint sim_time(int x);\n'
                            'const char *word = "time()";\n',
            "docs/a.md": "# One thing\n[b](a.md#one-thing) [c](https://example.org/x)\n",
            "tests/data/broken.txt": "a\tb \n",
        }), [])

    def test_clock_in_pure_room(self):
        self.assert_finds({"sim/a.c": "int x;\nlong now(void) { return time(0); }\n"}, "sim/a.c:2", "time()")
        self.assert_finds({"policy/a.c": "char *p = getenv (name);\n"}, "policy/a.c:1", "getenv()")
        self.assert_finds({"sim/a.c": "int64_t now_ms = monotonic_ms();\n"}, "sim/a.c:1", "monotonic_ms()")

    def test_clock_elsewhere_is_fine(self):
        self.assertEqual(self.check({"cli/a.c": "long now(void) { return time(0); }\n"}), [])

    def test_room_below(self):
        self.assert_finds({"base/a.c": '#include "sim/sim.h"\n'}, "base/a.c:1", "may not include sim")
        self.assert_finds({"live/a.c": '#include "sim/sim.h"\n'}, "live/a.c:1", "may not include sim")

    def test_unfinished(self):
        self.assert_finds({"docs/a.md": "one\nTO" + "DO: two\n"}, "docs/a.md:2", "unfinished")

    def test_machine_path(self):
        self.assert_finds({"docs/a.md": "see /ho" + "me/me/x\n"}, "docs/a.md:1", "machine")

    def test_long_file(self):
        self.assert_finds({"base/a.c": "int x;\n" * 901}, "base/a.c:901", "901 lines")
        self.assertEqual(self.check({"base/a.c": "int x;\n" * 900}), [])

    def test_white_space(self):
        self.assert_finds({"base/a.c": "\tint x;\n"}, "base/a.c:1", "tab")
        self.assert_finds({"base/a.c": "int x; \n"}, "base/a.c:1", "trailing")
        self.assert_finds({"base/a.c": "int x;"}, "base/a.c:1", "newline")

    def test_guard(self):
        user = {"base/a.c": '#include "a.h"\n#include "b.h"\n', "base/b.h": GUARD.format("BASE_B_H", "")}
        self.assert_finds({**user, "base/a.h": "int x;\n"}, "base/a.h:1", "no include guard")
        self.assert_finds({**user, "base/a.h": GUARD.format("BASE_B_H", "")}, "base/b.h:1", "is that of base/a.h")

    def test_link(self):
        self.assert_finds({"docs/a.md": "[x](b.md)\n"}, "docs/a.md:1", "leads nowhere")
        self.assert_finds({"docs/a.md": "# A\n[x](#b)\n"}, "docs/a.md:2", "names no heading")

    def test_dead_header(self):
        self.assert_finds({"base/a.h": GUARD.format("BASE_A_H", "")}, "base/a.h:1", "nobody includes")

    def test_section_without_a_test(self):
        model = {"docs/model.md": "# M\n## Time\n## Left out\n"}
        self.assert_finds(model, "docs/model.md:2", 'Proves docs/model.md, "Time".')
        proof = "/* Seconds. Pro" + 'ves docs/model.md, "{}".\n */\n'
        self.assertEqual(self.check({**model, "tests/unit/a_test.c": proof.format("Time")}), [])
        wrapped = "int x;\n/* It pro" + 'ves nothing. Pro' + 'ves\n * docs/model.md,\n * "Time".\n */\n'
        self.assertEqual(self.check({**model, "tests/unit/a_test.c": wrapped}), [])
        self.assertEqual(self.check({**model, "tests/e2e/a.sh": "# Pro" + 'ves docs/model.md, "Time".\n'}), [])

    def test_proof_of_nothing(self):
        model = {"docs/model.md": "# M\n## Left out\n"}
        proof = "int x;\n/* Pro" + 'ves docs/model.md, "Space".\n */\n'
        self.assert_finds({**model, "tests/unit/a_test.c": proof}, "tests/unit/a_test.c:2", 'no section "Space"')
        self.assert_finds({**model, "tests/unit/a_test.c": "// Pro" + "ves docs/model.md, Time\n"},
                          "tests/unit/a_test.c:1", "Section title")


unittest.main()
