"""Run what kubernetes.yaml and aws-batch-job.json say, index by index, and join the shards: the dump of the sweep in one piece."""
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import yaml

folder = pathlib.Path(sys.argv[1])
source = pathlib.Path(os.environ["BALLAST_SOURCE_DIR"])
jobs = source / "examples" / "many-machines"
ballast = pathlib.Path(os.environ["BALLAST"]).resolve()
image = folder / "image"  # what the container's image has in its PATH
plain = {"PATH": f"{image}:/usr/bin:/bin", "LC_ALL": "C"}


def give_scenario(place):
    """The quickstart with what it names, but two days of it."""
    place.mkdir(parents=True)
    for file in (source / "examples" / "quickstart").glob("*.json"):
        text = file.read_text()
        if file.name == "scenario.json":
            assert '"to": "2016-10-31T00:00:00Z"' in text
            text = text.replace('"to": "2016-10-31T00:00:00Z"', '"to": "2016-05-04T00:00:00Z"')
        (place / file.name).write_text(text)


def run(words, place, environment):
    done = subprocess.run(words, cwd=place, env=plain | environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, (words, done.returncode, done.stdout, done.stderr)
    return done.stdout


def run_all(count, run_index):
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(run_index, range(count)))


def dump(database):
    return run([ballast, "dump", database], folder, {})


def check_joined(name, place, shards, count, varied):
    """All shards are there, and joined they are the sweep that is not split."""
    assert sorted(file.name for file in shards.iterdir()) == sorted(f"{i}.db" for i in range(count)), list(shards.iterdir())
    run([ballast, "merge", *sorted(shards.iterdir()), "--into", folder / f"{name}.db"], folder, {})
    run([ballast, "sweep", "scenario.json", *varied, "--db", folder / f"{name}-whole.db"], place, {})
    whole = dump(folder / f"{name}-whole.db")
    rows = run([ballast, "dump", folder / f"{name}-whole.db", "--table", "sweep_point"], folder, {}).splitlines()
    assert len(rows) - 1 >= 2 * count, "hardly any points for a task"
    assert dump(folder / f"{name}.db") == whole, f"{name}: the joined database has another dump"


# ---- Kubernetes ----------------------------------------------------------------------------------------------------

# What of a Job's fields the file uses, as the API reference of batch/v1 and core/v1 has them.
JOB = {"apiVersion", "kind", "metadata", "spec"}
JOB_SPEC = {"completions", "parallelism", "completionMode", "backoffLimit", "template"}
POD_SPEC = {"restartPolicy", "containers", "volumes"}
CONTAINER = {"name", "image", "workingDir", "command", "args", "env", "resources", "volumeMounts"}


def expanded(word, environment):
    """$(NAME) in command and args, as the kubelet replaces it."""
    return re.sub(r"\$\((\w+)\)", lambda found: environment.get(found[1], found[0]), word)


def kubernetes():
    documents = list(yaml.safe_load_all((jobs / "kubernetes.yaml").read_text()))
    assert len(documents) == 1
    job = documents[0]
    assert set(job) == JOB and job["apiVersion"] == "batch/v1" and job["kind"] == "Job", job
    assert re.fullmatch(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?", job["metadata"]["name"])
    spec = job["spec"]
    assert set(spec) <= JOB_SPEC and spec["completionMode"] == "Indexed", spec
    count = spec["completions"]
    assert isinstance(count, int) and 1 < count and 0 < spec["parallelism"] <= count
    pod = spec["template"]["spec"]
    assert set(pod) <= POD_SPEC and pod["restartPolicy"] in ("OnFailure", "Never"), pod
    (container,) = pod["containers"]
    assert set(container) <= CONTAINER, container
    volumes = {volume["name"] for volume in pod["volumes"] if volume["persistentVolumeClaim"]["claimName"]}
    (mount,) = container["volumeMounts"]
    assert mount["name"] in volumes
    work = pathlib.PurePosixPath(container["workingDir"]).relative_to(mount["mountPath"])
    for variable in container["env"]:
        assert isinstance(variable["name"], str) and isinstance(variable["value"], str), variable
    environment = {variable["name"]: variable["value"] for variable in container["env"]}
    assert environment["BALLAST_SHARDS"] == str(count)

    volume = folder / "volume"
    give_scenario(volume / work)

    def pod_of(index):
        own = environment | {"JOB_COMPLETION_INDEX": str(index)}
        words = [expanded(word, own) for word in container["command"] + container["args"]]
        return run(words, volume / work, own)

    for index, words in enumerate(run_all(count, pod_of)):
        assert f"shard {index + 1} of {count} is complete" in words, words
    before = dump(volume / work / "shards" / "1.db")
    assert ", 0 of all" in pod_of(1), "a pod that is started again computes again"
    assert dump(volume / work / "shards" / "1.db") == before
    script = " ".join(container["args"])
    varied = [word for pair in re.findall(r"(--vary) (\S+)", script) for word in pair]
    check_joined("kubernetes", volume / work, volume / work / "shards", count, varied)


# ---- AWS Batch -----------------------------------------------------------------------------------------------------

AWS = """#!/bin/sh
# Of the AWS CLI what aws-batch.sh calls, with a folder for S3.
[ "$1 $3" = "s3 --only-show-errors" ] || exit 2
place() { case $1 in s3://*) echo "$S3/${1#s3://}" ;; *) echo "$1" ;; esac; }
from=$(place "$4") to=$(place "$5")
case $2 in
sync) mkdir -p "$to" && cp -r "$from/." "$to" ;;
cp) mkdir -p "$(dirname "$to")" && cp "$from" "$to" ;;
*) exit 2 ;;
esac
"""


def read_by_aws(words):
    """Read by the AWS CLI with its model of the service, but not sent."""
    environment = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_DEFAULT_REGION": "us-east-1", "HOME": str(folder)}
    run(["aws", "batch", *words, "--generate-cli-skeleton", "output"], folder, environment | {"PATH": os.environ["PATH"]})


def submitted():
    """The words of the submit-job that the head of aws-batch.sh shows."""
    head = [line[1:].strip() for line in (jobs / "aws-batch.sh").read_text().splitlines()[1:] if line.startswith("#")]
    begin = next(i for i, line in enumerate(head) if line.startswith("aws batch submit-job"))
    text = ""
    for line in head[begin:]:
        text += line.rstrip("\\")
        if not line.endswith("\\"):
            break
    words = shlex.split(text)
    assert words[:3] == ["aws", "batch", "submit-job"], words
    return words[3:]


def batch():
    path = jobs / "aws-batch-job.json"
    definition = json.loads(path.read_text())
    words = submitted()
    read_by_aws(["register-job-definition", "--cli-input-json", f"file://{path}"])
    read_by_aws(["submit-job", *words])
    option = dict(zip(words[::2], words[1::2]))
    assert option["--job-definition"] == definition["jobDefinitionName"]
    count = int(dict(pair.split("=", 1) for pair in option["--array-properties"].split(","))["size"])
    given = dict(pair.split("=", 1) for pair in option["--parameters"].split(","))
    assert set(given) <= set(definition["parameters"]), given
    parameters = definition["parameters"] | given
    container = definition["containerProperties"]
    environment = {variable["name"]: variable["value"] for variable in container["environment"]}
    needs = {need["type"]: need["value"] for need in container["resourceRequirements"]}
    assert environment["BALLAST_THREADS"] == needs["VCPU"], "as many threads as cores"
    command = [parameters[word[5:]] if word.startswith("Ref::") else word for word in container["command"]]
    assert not any("Ref::" in word for word in command), command

    s3 = folder / "s3"
    bucket = s3 / parameters["bucket"].removeprefix("s3://")
    give_scenario(bucket / "in")
    (image / "aws").write_text(AWS)
    (image / "aws").chmod(0o755)

    def child(index, attempt=1):
        """Each child has a container of its own, with nothing in it."""
        place = folder / "containers" / f"{index}-{attempt}"
        place.mkdir(parents=True)
        own = {"AWS_BATCH_JOB_ARRAY_INDEX": str(index), "AWS_BATCH_JOB_ARRAY_SIZE": str(count), "AWS_BATCH_JOB_ATTEMPT": str(attempt)}
        return run(command, place, environment | own | {"S3": str(s3)})

    for index, words in enumerate(run_all(count, child)):
        assert f"shard {index + 1} of {count} is complete" in words, words
    assert ", 0 of all" in child(1, 2), "a child that is tried again computes again"
    check_joined("batch", bucket / "in", bucket / "shards", count, ["--vary", parameters["vary"]])


image.mkdir()
(image / "ballast").symlink_to(ballast)
(image / "aws-batch.sh").symlink_to(jobs / "aws-batch.sh")
kubernetes()
batch()
