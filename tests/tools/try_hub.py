"""Start a JupyterHub with binder/jupyterhub_config.py on 127.0.0.1, and work a lesson on it as a learner does.

    pip freeze > pins.txt
    pip install --target HUB -c pins.txt jupyterhub nbgitpuller jupyterhub-kubespawner jupyterhub-systemdspawner
    npm install --prefix HUB configurable-http-proxy
    python tests/tools/try_hub.py HUB

It needs the course's own environment, npm and a minute, so it is no test: it prints what it did, and ends with 1 if
something was not as it should be. Everything of it lies in a folder for temporary files that goes at the end; each
learner has a folder there, no account of the system's (SimpleLocalProcessSpawner), so nobody need be root. That spawner
hands the limits of memory and cores on and holds nobody to them: systemd or Kubernetes does. Killed servers and thirty
learners at once are not its business.

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
import contextlib
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import types
from pathlib import Path

import requests
import websocket

ROOT = Path(__file__).resolve().parents[2]
CONFIG = ROOT / "binder" / "jupyterhub_config.py"
LESSON = "01_follow_the_slope.ipynb"
LEARNER, OTHER, SLEEPER = "ada", "bo", "cy"  # the last one's kernels are culled after seconds, not minutes
SECONDS = 120  # for whatever should happen
# What a hub of one's own adds: who may log in, where it listens, how servers start. The files go with the folder.
OWN = f"""
load_subconfig({str(CONFIG)!r})
c.JupyterHub.authenticator_class = "dummy"
c.JupyterHub.spawner_class = "simple"
c.JupyterHub.db_url = "sqlite:///hub.sqlite"
c.Authenticator.allow_all = True
c.Authenticator.any_allow_config = True
c.DummyAuthenticator.password = PASSWORD
c.SimpleLocalProcessSpawner.home_dir_template = HOMES + "/{{username}}"
c.Spawner.env_keep = ["PATH", "PYTHONPATH"]
c.Spawner.environment.update({{"JUPYTER_CONFIG_PATH": EXTENSIONS}})
c.Spawner.cmd = [PYTHON, "-m", "jupyterhub.singleuser"]
c.JupyterHub.bind_url = "http://127.0.0.1:%d" % PORTS[0]
c.JupyterHub.hub_bind_url = "http://127.0.0.1:%d" % PORTS[1]
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:%d" % PORTS[2]
c.ConfigurableHTTPProxy.command = [PROXY]


def sooner(spawner):
    os.makedirs(spawner.home_dir, exist_ok=True)
    if spawner.user.name == {SLEEPER!r}:
        numbers = {{"cull_idle_timeout": 3, "cull_interval": 1}}
        spawner.args = [
            next((f"--MappingKernelManager.{{name}}={{value}}" for name, value in numbers.items() if name in arg), arg)
            for arg in spawner.args
        ]
    if os.geteuid() == 0:
        spawner.args = [*spawner.args, "--allow-root"]


c.Spawner.pre_spawn_hook = sooner
"""
NOWHERE = """\
current-context: nowhere
clusters: [{name: nowhere, cluster: {server: "http://127.0.0.1:1"}}]
contexts: [{name: nowhere, context: {cluster: nowhere, user: nobody}}]
users: [{name: nobody, user: {}}]
"""


class Unexpected(Exception):
    """Something was not as it should be."""


def expect(true, otherwise):
    """Do nothing, or say what is not as it should be."""
    if not true:
        raise Unexpected(otherwise)


def wait_for(something, what):
    """Return what `something()` gives as soon as it is true; complain if it never is."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        with contextlib.suppress(requests.ConnectionError):
            if found := something():
                return found
        time.sleep(0.1)
    raise Unexpected(f"{what} did not come in {SECONDS} seconds")


def free_ports(count):
    """Return so many ports of 127.0.0.1 that nobody uses."""
    with contextlib.ExitStack() as probes:
        found = [probes.enter_context(socket.socket()) for _ in range(count)]
        for probe in found:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in found]


class Hub:
    """A hub in a folder of its own."""

    def __init__(self, folder, tools):
        self.folder, self.password = Path(folder), secrets.token_urlsafe(16)
        self.homes = self.folder / "homes"
        self.homes.mkdir()
        ports = free_ports(3)
        self.url = f"http://127.0.0.1:{ports[0]}"
        given = {
            **{"PASSWORD": self.password, "HOMES": str(self.homes), "PORTS": ports, "PYTHON": sys.executable},
            "EXTENSIONS": str(tools / "etc" / "jupyter"),  # in an environment of its own nbgitpuller is found there
            "PROXY": str(tools / "node_modules" / ".bin" / "configurable-http-proxy"),
        }
        lines = ["import os", *(f"{name} = {value!r}" for name, value in given.items()), OWN]
        (self.folder / "config.py").write_text("\n".join(lines), encoding="utf-8")
        self.log = self.folder / "hub.log"
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "GDCOURSE"))}
        ours["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(tools)])  # a hub's image has both in its environment
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "jupyterhub", "-f", "config.py"],
                cwd=self.folder, env=ours, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def ready(self):
        """Say whether the hub answers through its proxy."""
        expect(self.process.poll() is None, f"the hub ended:\n{self.log.read_text(errors='replace')}")
        return requests.get(f"{self.url}/hub/health", timeout=10).ok

    def stop(self):
        """End the hub, its proxy and its learners' servers, which all belong to its group."""
        self.process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(20)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


class Learner:
    """Somebody at a browser: cookies, a server, and a kernel over a websocket."""

    def __init__(self, hub, name):
        self.hub, self.name, self.session = hub, name, requests.Session()
        self.server = f"{hub.url}/user/{name}"

    def log_in(self):
        """Fill in the form of the login page."""
        page = self.session.get(f"{self.hub.url}/hub/login", timeout=30)
        token = re.search(r'name="_xsrf" value="([^"]+)"', page.text)[1]
        form = {"username": self.name, "password": self.hub.password, "_xsrf": token}
        answer = self.session.post(f"{self.hub.url}/hub/login", form, allow_redirects=False, timeout=30)
        expect(answer.status_code == 302, f"the login was answered with {answer.status_code}")

    def start(self):
        """Wait until the learner's own JupyterLab answers."""
        self.session.get(f"{self.hub.url}/hub/spawn/{self.name}", timeout=SECONDS)

        def there():
            page = self.session.get(f"{self.server}/lab", timeout=30)
            return page.ok and page.url.startswith(f"{self.server}/lab") and "jupyter-config-data" in page.text

        wait_for(there, "JupyterLab")

    def call(self, method, place, **more):
        """Ask the learner's server, as its pages do."""
        for cookie in self.session.cookies:
            if cookie.name == "_xsrf" and cookie.path.startswith(f"/user/{self.name}"):
                more.setdefault("headers", {})["X-XSRFToken"] = cookie.value
        return self.session.request(method, f"{self.server}/{place}", timeout=30, **more)

    def pull(self, link):
        """Follow a link of nbgitpuller's; return what its page was told last."""
        page = self.session.get(link, timeout=SECONDS)
        expect(page.ok and "/git-pull" in page.url, f"the link led to {page.url}, {page.status_code}")
        query = page.url.split("?", 1)[1]
        place = f"git-pull/api?{query.replace('targetPath', 'targetpath')}"
        stream = self.call("GET", place, stream=True)
        for line in stream.iter_lines():
            if line.startswith(b"data:") and (said := json.loads(line[5:]))["phase"] in ("finished", "error"):
                return said
        raise Unexpected(f"nbgitpuller said {stream.status_code} and nothing to the end")

    def open(self, path):
        """Open a notebook's kernel and the websocket to it."""
        body = {"path": path, "type": "notebook", "name": "", "kernel": {"name": "python3"}}
        answer = self.call("POST", "api/sessions", json=body)
        expect(answer.status_code == 201, f"no kernel came: {answer.status_code} {answer.text[:200]}")
        kernel = answer.json()["kernel"]["id"]
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.session.cookies)
        place = f"{self.server}/api/kernels/{kernel}/channels".replace("http:", "ws:")
        self.socket = websocket.create_connection(place, cookie=cookies, timeout=SECONDS, origin=self.hub.url)
        return kernel

    def run(self, code, wait=True):
        """Run a cell; return what it prints, and raise what it raises."""
        number = secrets.token_hex(16)
        head = {"msg_id": number, "username": self.name, "session": self.name, "version": "5.3", "date": ""}
        asked = {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
        message = {"header": {**head, "msg_type": "execute_request"}, "parent_header": {}, "metadata": {}}
        self.socket.send(json.dumps({**message, "content": asked, "channel": "shell", "buffers": []}))
        printed = []
        while wait:
            got = self.socket.recv()
            if isinstance(got, bytes):  # with buffers: a figure's numbers
                continue
            said = json.loads(got)
            if said["parent_header"].get("msg_id") != number:
                continue
            kind, content = said["header"]["msg_type"], said["content"]
            if kind == "stream":
                printed.append(content["text"])
            expect(kind != "error", f"a cell raised {content.get('ename')}: {content.get('evalue')}")
            if kind == "status" and content["execution_state"] == "idle":
                break
        return "".join(printed)


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


def visit(hub, folder):
    """Do all that a learner does, and print it."""
    since = time.monotonic()
    wait_for(hub.ready, "the hub")
    report("the hub answers", since)

    ada = Learner(hub, LEARNER)
    ada.log_in()
    since = time.monotonic()
    ada.start()
    report("from the login to a learner's JupyterLab", since)

    source = folder / "course.git"
    subprocess.run(["git", "clone", "--quiet", "--bare", ROOT, source], check=True)
    subprocess.run(["git", "branch", "--force", "main", "HEAD"], cwd=source, check=True)
    lesson = f"lab/tree/gdcourse/notebooks/{LESSON}"
    query = requests.compat.urlencode(
        {"repo": f"file://{source}", "branch": "main", "urlpath": lesson, "targetPath": "gdcourse"}
    )
    link, since = f"{hub.url}/hub/user-redirect/git-pull?{query}", time.monotonic()
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
    other.run("import time; time.sleep(30)", wait=False)

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
    hub = Hub(folder, tools)
    try:
        visit(hub, folder)
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
