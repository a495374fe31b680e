"""What the code host reads: workflows, updates, forms, citation. Checked offline, as it would check them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.snippets.catalog import ROOT
from tests.tools.programs import program

GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
FORMS = sorted(file for file in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml") if file.name != "config.yml")


class Loader(yaml.SafeLoader):
    """Reads YAML in which `on` is a word, as the code host does."""


Loader.yaml_implicit_resolvers = {
    sign: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:bool"]
    for sign, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read(file: Path) -> dict[str, Any]:
    """Return what a file says."""
    return dict(yaml.load(file.read_text(encoding="utf-8"), Loader))


def said(command: list[str]) -> str:
    """Return what a program prints about the repository; empty if it has finished and found nothing."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    return done.stdout + done.stderr if done.returncode else done.stdout


# The programs, on what is there and on what would be wrong


def test_actionlint_finds_nothing() -> None:
    assert said([program("actionlint"), "-no-color", *map(str, WORKFLOWS)]) == ""


def findings(*files: Path) -> set[str]:
    """Return the kinds of what zizmor finds, at its strictest but one."""
    command = [program("zizmor"), "--offline", "--no-progress", "--no-exit-codes", "--persona", "pedantic"]
    done = subprocess.run(
        [*command, "--format", "json", *map(str, files)], capture_output=True, text=True, timeout=120, check=True
    )
    return {found["ident"] for found in json.loads(done.stdout)}


def test_zizmor_finds_nothing_but_what_is_meant() -> None:
    # The one is the event that lets previews be published; the workflow says what keeps it harmless.
    assert findings(*WORKFLOWS, GITHUB / "dependabot.yml") == set()
    meant = [line for file in WORKFLOWS for line in file.read_text(encoding="utf-8").splitlines() if "zizmor:" in line]
    assert meant == ["  workflow_run: # zizmor: ignore[dangerous-triggers]"]


@pytest.mark.parametrize(
    ("workflow", "before", "after", "kind"),
    [
        ("pull-request.yml", r"checkout@\w{40} # v[\d.]+", "checkout@v7", "unpinned-uses"),
        ("pull-request.yml", r"\n  pull_request:", "\n  pull_request_target:", "dangerous-triggers"),
        ("publish.yml", r"permissions: {}\n", "permissions: write-all\n", "excessive-permissions"),
        ("nightly.yml", r"        with:\n          persist-credentials: false\n", "", "artipacked"),
        ("preview.yml", r'-n "\$artifact"', "-n ${{ github.event.workflow_run.head_branch }}", "template-injection"),
    ],
)
def test_zizmor_would_notice(tmp_path: Path, workflow: str, before: str, after: str, kind: str) -> None:
    text, count = re.subn(before, after, (GITHUB / "workflows" / workflow).read_text(encoding="utf-8"))
    assert count
    (tmp_path / ".github/workflows").mkdir(parents=True)
    file = tmp_path / ".github/workflows" / workflow
    file.write_text(text, encoding="utf-8")
    assert kind in findings(file)


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("vendor.github-workflows", WORKFLOWS),
        ("vendor.dependabot", [GITHUB / "dependabot.yml"]),
        ("vendor.github-issue-forms", FORMS),
        ("vendor.github-issue-config", [GITHUB / "ISSUE_TEMPLATE/config.yml"]),
        ("vendor.citation-file-format", [ROOT / "CITATION.cff"]),
    ],
)
def test_files_are_what_their_schemas_say(schema: str, files: list[Path]) -> None:
    command = [program("check-jsonschema"), "--builtin-schema", schema, *map(str, files)]
    assert said(command) == "ok -- validation done\n"


# What no program checks


def jobs() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each job of each workflow, with its name."""
    for file in WORKFLOWS:
        for name, job in read(file)["jobs"].items():
            yield f"{file.name}: {name}", job


def test_every_job_has_a_time_limit_and_says_what_it_may() -> None:
    limits = {name: int(job["timeout-minutes"]) for name, job in jobs()}
    assert len(limits) >= 10
    assert {name: limit for name, limit in limits.items() if not 0 < limit <= 120} == {}
    assert {name for name, job in jobs() if "permissions" not in job} == set()


def test_only_three_jobs_may_write_and_none_runs_for_a_pull_request() -> None:
    writing = {name for name, job in jobs() if "write" in job["permissions"].values()}
    assert writing == {"publish.yml: deploy", "preview.yml: publish", "upgrade.yml: propose"}


def test_a_pull_request_sees_no_secret() -> None:
    events = {file.name: set(read(file)["on"]) for file in WORKFLOWS}
    assert {name for name, found in events.items() if "pull_request" in found} == {"pull-request.yml"}
    text = (GITHUB / "workflows/pull-request.yml").read_text(encoding="utf-8")
    assert re.findall(r"secrets|github\.token|GITHUB_TOKEN|id-token", text) == []


def test_who_may_write_for_a_pull_request_runs_nothing_of_it() -> None:
    file = read(GITHUB / "workflows/preview.yml")
    checkouts = [
        step["with"]
        for job in file["jobs"].values()
        for step in job["steps"]
        if step.get("uses", "").startswith("actions/checkout@")
    ]
    own = {"ref": "${{ github.event.repository.default_branch }}", "persist-credentials": "false"}
    assert checkouts == [own, own]
    # Where the archive is read, there is no key; where the key is, there is only what was taken from it.
    assert "secrets." not in json.dumps(file["jobs"]["inspect"])
    assert file["jobs"]["publish"]["needs"] == "inspect"


def test_an_environment_is_kept_for_one_release_of_python_only() -> None:
    # It links to the Python that made it, whose folder has the whole version in its name.
    steps = [step for _, job in jobs() for step in job["steps"]]
    kept = [step["with"]["key"] for step in steps if step.get("uses", "").startswith("actions/cache@")]
    assert len(kept) == 2
    assert all("${{ steps.python.outputs.python-version }}" in key for key in kept)
    for _, job in jobs():
        uses = [step.get("uses", "").partition("@")[0] for step in job["steps"]]
        if "actions/cache" in uses:
            made = job["steps"][uses.index("actions/setup-python")]
            assert made["id"] == "python"
            assert uses.index("actions/setup-python") < uses.index("actions/cache")


@pytest.fixture
def upgrade(tmp_path: Path) -> Callable[..., str]:
    """A function that runs the job which proposes an upgrade, where the locks and the Makefile have changed.

    It returns what git knows of the branch that was pushed, and what `gh` was asked for.
    """
    named = {f"GIT_{who}_{what}": "a" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/gh").write_text('#!/bin/sh\necho "gh $1 $2" >> "$LOG"\n[ "$1 $2" != "pr list" ] || echo "$OPEN"\n')
    (tmp_path / "bin/gh").chmod(0o755)
    environment = os.environ | named | {"PATH": f"{tmp_path}/bin:{os.environ['PATH']}", "RUNNER_TEMP": str(tmp_path)}

    def git(*words: str, where: str = "clone") -> str:
        command = ["git", "-c", "init.defaultBranch=main", *words]
        done = subprocess.run(
            command, cwd=tmp_path / where, env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout

    def propose(*, pull_requests: int) -> str:
        git("init", "--quiet", "--bare", "origin.git", where="")
        git("clone", "--quiet", "origin.git", "clone", where="")
        files = [*LOCKS, "Makefile"]
        for state in ("old", "new"):
            for name in files:
                file = tmp_path / "clone" / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(f"{state}\n")
            if state == "old":
                git("add", "--all")
                git("commit", "--quiet", "--message", "A day")
                git("push", "--quiet", "origin", "main")
        (tmp_path / "upgrade.patch").write_text(git("diff"))
        git("checkout", "--quiet", ".")
        log = tmp_path / "log"
        for step in read(GITHUB / "workflows/upgrade.yml")["jobs"]["propose"]["steps"]:
            given = environment | step.get("env", {}) | {"LOG": str(log), "OPEN": str(pull_requests)}
            command = ["bash", "-e", "-c", step.get("run", "")]
            subprocess.run(command, cwd=tmp_path / "clone", env=given, check=True, capture_output=True, timeout=60)
        return git("diff", "--name-only", "main", "upgrade", where="origin.git") + log.read_text()

    return propose


LOCKS = [
    *("garden/runtime/package-lock.json", "garden/runtime/package.json", "garden/runtime/requirements.txt"),
    *("requirements.txt", "tests/browser/package-lock.json", "tests/browser/package.json"),
    *("tools/bench/package-lock.json", "tools/bench/package.json", "tools/requirements-ci.txt"),
]


def test_an_upgrade_is_proposed_once_and_changes_locks_alone(upgrade: Callable[..., str]) -> None:
    asked = ["gh auth setup-git", "gh pr list", "gh pr create"]
    assert upgrade(pull_requests=0).splitlines() == [*LOCKS, *asked]


def test_an_upgrade_that_is_proposed_already_is_renewed(upgrade: Callable[..., str]) -> None:
    assert upgrade(pull_requests=1).splitlines() == [*LOCKS, "gh auth setup-git", "gh pr list"]


def test_every_lock_of_the_repository_is_upgraded() -> None:
    command = ["git", "ls-files", "*requirements*.txt", "*package.json", "*package-lock.json"]
    tracked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert tracked.split() == LOCKS


def test_who_proposes_an_upgrade_installs_nothing() -> None:
    run = "\n".join(step.get("run", "") for step in read(GITHUB / "workflows/upgrade.yml")["jobs"]["propose"]["steps"])
    assert re.findall(r"\b(?:make|npm|npx|node|pip|uv|python3?|bash|sh)\b", run) == []


def test_the_version_of_every_action_is_beside_its_hash() -> None:
    used = [used for file in WORKFLOWS for used in re.findall(r"(?<!\w)uses: (.*)", file.read_text(encoding="utf-8"))]
    assert len(used) > 15
    assert [use for use in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", use)] == []
    hashes = {use.partition("@")[0]: set[str]() for use in used}
    for use in used:
        hashes[use.partition("@")[0]].add(use.partition("@")[2])
    assert {action for action, found in hashes.items() if len(found) > 1} == set()


def commands() -> str:
    """Return everything that workflows run."""
    return "\n".join(step.get("run", "") for _, job in jobs() for step in job["steps"])


def test_what_workflows_run_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"\bmake ([\w./-]+)", commands()))
    assert len(targets) >= 4
    assert {target for target in targets if not re.search(rf"^{re.escape(target)}:", makefile, re.MULTILINE)} == set()
    files = set(re.findall(r"(?<![\w/])((?:tests/[\w/]+\.py)|(?:\.ci/\w+))", commands()))
    assert {".ci/run", ".ci/machine", "tests/browser/test_guide.py"} <= files
    assert {file for file in files if not (ROOT / file).is_file()} == set()
    help_text = said([sys.executable, "-m", "tools.review", "--help"])
    reviews = set(re.findall(r"-m tools.review (\w+)", commands()))
    assert reviews == {"scope", "summary", "unpack", "place"}
    assert {name for name in reviews if name not in help_text} == set()


def test_the_programs_that_review_need_no_package() -> None:
    # Two of them run before anything is installed.
    script = "import sys, tools.review.__main__; print([name for name in sys.modules if '.' not in name])"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {script}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(re.findall(r"'(\w+)'", done.stdout)) - sys.stdlib_module_names <= {"tools", "__main__"}


def test_every_hashed_image_is_the_same() -> None:
    images = {job["container"]["image"] for _, job in jobs() if "container" in job}
    assert len(images) == 1
    assert re.fullmatch(r"debian:bookworm-\d{8}@sha256:[0-9a-f]{64}", images.pop())


# What people read


def test_contributing_is_one_page_and_the_template_five_lines() -> None:
    assert len((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split()) < 750
    template = (GITHUB / "pull_request_template.md").read_text(encoding="utf-8")
    assert len(template.splitlines()) == 5
    assert "typo" in template.splitlines()[0]


@pytest.mark.parametrize(
    "name", ["CONTRIBUTING.md", "CODE_OF_CONDUCT.md", "SECURITY.md", "README.md", ".github/MAINTAINING.md"]
)
def test_links_between_these_files_lead_somewhere(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    for address in re.findall(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)", text):
        assert (ROOT / address).exists(), address
    for address, anchor in re.findall(r"\]\(([^):#]+\.md)#([^)]+)\)", text):
        headings = re.findall(r"^#+ (.+)$", (ROOT / address).read_text(encoding="utf-8"), re.MULTILINE)
        assert anchor in [re.sub(r"\W+", "-", heading.lower()) for heading in headings]


def test_a_wrong_claim_is_told_with_sentence_version_and_what_was_seen() -> None:
    form = read(GITHUB / "ISSUE_TEMPLATE/wrong-claim.yml")
    asked = [item["attributes"]["label"] for item in form["body"] if item["validations"]["required"] == "true"]
    assert asked == ["Which sentence?", "Which version?", "What did you see?"]


def test_licenses_are_there_and_the_citation_has_that_of_the_notes() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    named = re.findall(r"LICENSES/(\S+)\.txt", text)
    assert sorted(named) == sorted(file.stem for file in (ROOT / "LICENSES").iterdir()) == ["CC-BY-4.0", "MIT", "MIT-0"]
    assert read(ROOT / "CITATION.cff")["license"] == "CC-BY-4.0"


MAINTAINING = (GITHUB / "MAINTAINING.md").read_text(encoding="utf-8")


def test_maintainers_are_told_of_everything_that_the_code_host_has_to_know() -> None:
    labels = {label for form in FORMS for label in read(form)["labels"]}
    assert labels == {"broken snippet", "missing note", "wrong claim"}
    assert {label for label in labels if f'"{label}"' not in MAINTAINING} == set()
    required = read(GITHUB / "workflows/pull-request.yml")["jobs"]["green"]
    assert set(required["needs"]) == set(read(GITHUB / "workflows/pull-request.yml")["jobs"]) - {"green"}
    assert f"the check **{required['name']}** is required" in MAINTAINING
    texts = {file.name: file.read_text(encoding="utf-8") for file in WORKFLOWS}
    told = MAINTAINING + texts["preview.yml"].partition("\nname: ")[0]
    wanted = {name for text in texts.values() for name in re.findall(r"\b(?:vars|secrets)\.(\w+)", text)}
    assert "SITE_URL" in wanted
    assert {name for name in wanted if name not in told} == set()


def test_what_maintainers_are_told_to_run_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    commands = re.findall(r"(?:^|`)make ([a-z ]*[a-z])", MAINTAINING, re.MULTILINE)
    targets = {target for words in commands for target in words.split()}
    assert {"addresses", "lock", "check", "test", "measure"} <= targets
    assert {target for target in targets if not re.search(rf"^{target}:", makefile, re.MULTILINE)} == set()
    images = sum(file.read_text(encoding="utf-8").count("image: debian:") for file in WORKFLOWS)
    assert images == 4
    assert "four times" in MAINTAINING


def test_once_the_repository_has_an_address_its_maintainers_are_named() -> None:
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    address = re.findall(r"^ +repository: ([^#\n]*?) *(?:#.*)?$", config, re.MULTILINE)
    assert len(address) == 1
    file = GITHUB / "CODEOWNERS"
    owners = re.findall(r"^\* +@\S+", file.read_text(encoding="utf-8"), re.MULTILINE) if file.exists() else []
    if address[0].strip("\"'"):
        assert owners, "write .github/CODEOWNERS: one line, `* @…`, with the names of the maintainers"
