"""Runs the shell blocks of docs/tutorials in their order, in one folder, as a reader would, and compares what they print
with the text block that follows. usage: tutorials.py PROGRAM SOURCE [--write]; --write puts what is printed into the pages.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

program, source = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
write = sys.argv[3:] == ["--write"]
block = re.compile(r"```bash\n(.*?)```\n(?:\n```text\n(.*?)```\n)?", re.S)
failed = 0
with tempfile.TemporaryDirectory() as folder:
    os.makedirs(f"{folder}/bin")
    os.symlink(program, f"{folder}/bin/ballast")
    work = pathlib.Path(folder, "work")
    shutil.copytree(source / "examples", work / "examples")
    environment = {"PATH": f"{folder}/bin:{os.environ['PATH']}", "HOME": folder, "LC_ALL": "C.UTF-8"}
    for page in sorted((source / "docs" / "tutorials").glob("[0-9]*.md")):
        text = page.read_text(encoding="utf-8")
        for match in block.finditer(text):
            run = subprocess.run(["bash", "-euo", "pipefail", "-c", match.group(1)], cwd=work, env=environment,
                                 capture_output=True, text=True, timeout=900, check=False)
            if run.returncode:
                sys.exit(f"FAILED: {page.name}: exit code {run.returncode}:\n{match.group(1)}{run.stdout}{run.stderr}")
            if match.group(2) is None or match.group(2) == run.stdout:
                continue
            if write:
                text = text.replace(match.group(0), match.group(0).replace(f"```text\n{match.group(2)}", f"```text\n{run.stdout}"))
            else:
                failed += 1
                print(f"FAILED: {page.name}: prints otherwise than it says:\n{match.group(1)}{run.stdout}")
        if write:
            page.write_text(text, encoding="utf-8")
sys.exit(failed > 0)
