"""Start a JupyterHub with binder/jupyterhub_config.py on 127.0.0.1, and work a lesson on it as a learner does.

    pip freeze > pins.txt
    pip install --target HUB -c pins.txt jupyterhub nbgitpuller jupyterhub-kubespawner jupyterhub-systemdspawner
    npm install --prefix HUB configurable-http-proxy
    python tests/tools/try_hub.py HUB

It needs the course's own environment, npm and a minute, so it is no test: it prints what it did, and ends with 1 if
something was not as it should be. Everything of it lies in a folder for temporary files that goes at the end. The hub
and the learner are those of tests/hub.py. Killed servers and thirty learners at once are the business of
tests/benchmarks/room_of_thirty.py.

On two cores that other programs used too it printed, on 26 November 2026, with JupyterHub 6.1.1 and
configurable-http-proxy 5.3.0:

     4.9 s  the hub answers
     6.5 s  from the login to a learner's JupyterLab
     1.6 s  nbgitpuller's link brings the course
     0.8 s  a kernel for lesson 1
     7.4 s  lesson 1: 30 code cells print what is stored

and three to six times as much of each where a dozen programs waited for the two cores. The kernel had 142 to 154 MB.
"""

import argparse
import asyncio
import json
import os
import re
import shutil
import sys
import tempfile
import time
import types
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from hub import CONFIG, Hub, Learner, Unexpected, expect, link_to, wait_for  # noqa: E402

LESSON = "01_follow_the_slope.ipynb"
LEARNER, OTHER, SLEEPER = "ada", "bo", "cy"  # the last one's kernels are culled after seconds, not minutes
SOONER = f"""
def sooner(spawner):
    at_home(spawner)
    if spawner.user.name == {SLEEPER!r}:
        numbers = {{"cull_idle_timeout": 3, "cull_interval": 1}}
        spawner.args = [
            next((f"--MappingKernelManager.{{name}}={{value}}" for name, value in numbers.items() if name in arg), arg)
            for arg in spawner.args
        ]


c.Spawner.pre_spawn_hook = sooner
"""
NOWHERE = """\
current-context: nowhere
clusters: [{name: nowhere, cluster: {server: "http://127.0.0.1:1"}}]
contexts: [{name: nowhere, context: {cluster: nowhere, user: nobody}}]
users: [{name: nobody, user: {}}]
"""


def work_through(learner, lesson):
    """Run a lesson's code cells; return their number, and complain of one that prints what is not stored."""
    cells = [cell for cell in lesson["cells"] if cell["cell_type"] == "code"]
    for number, cell in enumerate(cells, 1):
        stored = "".join("".join(out["text"]) for out in cell["outputs"] if out["output_type"] == "stream")
        printed = learner.run("".join(cell["source"]))
        expect(printed == stored, f"code cell {number} printed {printed!r}, stored is {stored!r}")
    return len(cells)


def report(what, since):
    """Print a line with the seconds that something took."""
    print(f"{time.monotonic() - since:6.1f} s  {what}", flush=True)


def visit(hub):
    """Do all that a learner does, and print it."""
    since = time.monotonic()
    wait_for(hub.ready, "the hub")
    report("the hub answers", since)

    ada = Learner(hub, LEARNER)
    ada.log_in()
    since = time.monotonic()
    ada.start()
    report("from the login to a learner's JupyterLab", since)

    link, since = link_to(hub, LESSON), time.monotonic()
    said = ada.pull(link)
    expect(said["phase"] == "finished", f"nbgitpuller: {said}")
    own = hub.homes / LEARNER / "gdcourse" / "notebooks" / LESSON
    expect(own.is_file(), "nbgitpuller brought no lesson")
    report("nbgitpuller's link brings the course", since)

    since = time.monotonic()
    ada.open(f"gdcourse/notebooks/{LESSON}")
    ada.run("pass")
    report("a kernel for lesson 1", since)
    since = time.monotonic()
    count = work_through(ada, json.loads(own.read_text(encoding="utf-8")))
    report(f"lesson 1: {count} code cells print what is stored", since)

    names = "OPENBLAS_NUM_THREADS TF_NUM_INTRAOP_THREADS MEM_LIMIT CPU_LIMIT".split()
    told = json.loads(ada.run(f"import json, os; print(json.dumps([os.environ.get(one) for one in {names}]))"))
    expect(told == ["1", "1", str(2 * 2**30), "1.0"], f"the kernel has {dict(zip(names, told))}")
    print("          the kernel is told:", ", ".join(map("=".join, zip(names, told))))
    memory = ada.run("print(open('/proc/self/status').read())") if sys.platform == "linux" else ""
    if resident := re.search(r"VmRSS:\s+(\d+) kB", memory):
        print(f"          it has {int(resident[1]) / 1000:.0f} MB")

    # What a learner has written stays when the course is fetched again.
    kept = own.read_text(encoding="utf-8").replace("# 1. Follow the slope", "# 1. Follow the slope, mine", 1)
    own.write_text(kept, encoding="utf-8")
    since = time.monotonic()
    expect(ada.pull(link)["phase"] == "finished" and own.read_text(encoding="utf-8") == kept, "work was lost")
    own.unlink()
    expect(ada.pull(link)["phase"] == "finished" and own.is_file(), "a lesson that was deleted didn't come back")
    report("the same link again: what the learner wrote stays, and a deleted lesson comes back", since)

    bo = Learner(hub, OTHER)
    bo.log_in()
    answer = bo.session.get(f"{ada.server}/api/contents", timeout=30)
    expect(answer.status_code in (403, 404), f"somebody else's files were answered with {answer.status_code}")
    print(f"          another learner who asks for these files gets {answer.status_code}")

    cy = Learner(hub, SLEEPER)
    cy.log_in()
    cy.start()
    idle = cy.open("idle.ipynb")
    cy.run("pass")  # its websocket stays open, as a tab does
    other = Learner(hub, SLEEPER)
    other.session = cy.session
    busy = other.open("busy.ipynb")
    other.run("pass")
    other.execute("import time; time.sleep(30)")

    def alive():
        return {one["id"] for one in cy.call("GET", "api/kernels").json()}

    wait_for(lambda: idle not in alive(), "the end of the idle kernel")
    expect(busy in alive(), "the kernel at work was ended too")
    print("          where 3 seconds are allowed, the idle kernel of an open tab is gone, and one at work is not")


async def other_spawners(folder):
    """Hand the file to the spawners of the two large hubs, where they are installed; print what these make of it."""
    os.environ["KUBECONFIG"] = str(folder / "nowhere.yaml")  # the spawner asks for a cluster before it is needed
    (folder / "nowhere.yaml").write_text(NOWHERE, encoding="utf-8")
    try:
        from kubespawner import KubeSpawner
        from systemdspawner import SystemdSpawner
    except ImportError:
        print("          the spawners of Kubernetes and of systemd are not installed: not tried")
        return
    from traitlets.config import Config

    config = Config()
    # What Zero to JupyterHub 4 and The Littlest JupyterHub have set when they come to a file of one's own.
    config.KubeSpawner.update(mem_guarantee="1G", environment={}, start_timeout=300)
    config.SystemdSpawner.update(mem_limit=None, cpu_limit=None)
    exec(compile(CONFIG.read_text(encoding="utf-8"), str(CONFIG), "exec"), {"get_config": lambda: config})
    user = types.SimpleNamespace(name=LEARNER, escaped_name=LEARNER, id=1, url="/", groups=[])
    user.orm_user = user
    given = {"config": config, "user": user, "cert_paths": {}}
    for made in (KubeSpawner(**given, _mock=True, api_token="none"), SystemdSpawner(**given)):
        name = type(made).__name__
        expect((made.mem_limit, made.cpu_limit) == (2 * 2**30, 1.0), f"{name} has other limits")
        expect(made.environment["OPENBLAS_NUM_THREADS"] == "1", f"{name} has other variables")
        expect(any("cull_connected" in one for one in made.args), f"{name} culls nothing")
        print(f"          {name} takes the limits, the variables and the culling")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tools", metavar="HUB", help="the folder with jupyterhub, nbgitpuller and the proxy")
    tools = Path(parser.parse_args().tools).resolve()
    sys.path.append(str(tools))
    folder = Path(tempfile.mkdtemp(prefix="hub-"))
    hub = Hub(folder, tools, SOONER)
    try:
        visit(hub)
        asyncio.run(other_spawners(folder))
    except Unexpected as problem:
        print(f"Not as it should be: {problem}\n{hub.log.read_text(errors='replace')[-3000:]}", file=sys.stderr)
        return 1
    finally:
        hub.stop()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
