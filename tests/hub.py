"""A JupyterHub with binder/jupyterhub_config.py on 127.0.0.1, in a folder of its own, and learners who use it.

Programs use it that are no tests, for it needs JupyterHub and its proxy in a folder HUB:

    pip freeze > pins.txt
    pip install --target HUB -c pins.txt jupyterhub nbgitpuller
    npm install --prefix HUB configurable-http-proxy

Each learner has a folder, no account of the system's (SimpleLocalProcessSpawner), so nobody need be root. That spawner
hands the limits of memory and cores on and holds nobody to them: systemd or Kubernetes does.
"""

import contextlib
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import requests
import websocket

ROOT = Path(__file__).resolve().parents[1]
CONFIG = ROOT / "binder" / "jupyterhub_config.py"
SECONDS = 120  # for whatever should happen
KINDS = {
    "kernel": "ipykernel_launcher",
    "server": "jupyterhub.singleuser",
    "proxy": "configurable-http-proxy",
    "hub": "-m jupyterhub -f",
}  # what stands in the command line
MARK = "GDCOURSE_TRIED_HUB"  # in the environment of every process of a hub: its folder
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
c.Spawner.env_keep = ["PATH", "PYTHONPATH", MARK]
c.Spawner.environment.update({{"JUPYTER_CONFIG_PATH": EXTENSIONS}})
c.Spawner.cmd = [PYTHON, "-m", "jupyterhub.singleuser"]
c.JupyterHub.bind_url = "http://127.0.0.1:%d" % PORTS[0]
c.JupyterHub.hub_bind_url = "http://127.0.0.1:%d" % PORTS[1]
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:%d" % PORTS[2]
c.ConfigurableHTTPProxy.command = [PROXY]


def at_home(spawner):
    os.makedirs(spawner.home_dir, exist_ok=True)
    if os.geteuid() == 0:
        spawner.args = [*spawner.args, "--allow-root"]


c.Spawner.pre_spawn_hook = at_home
"""


class Unexpected(Exception):
    """Something was not as it should be."""


def expect(true, otherwise):
    """Do nothing, or say what is not as it should be."""
    if not true:
        raise Unexpected(otherwise)


def wait_for(something, what, seconds=SECONDS, gap=0.1):
    """Return what `something()` gives as soon as it is true; complain if it never is."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(requests.ConnectionError):
            if found := something():
                return found
        time.sleep(gap)
    raise Unexpected(f"{what} did not come in {seconds} seconds")


def free_ports(count):
    """Return so many ports of 127.0.0.1 that nobody uses."""
    with contextlib.ExitStack() as probes:
        found = [probes.enter_context(socket.socket()) for _ in range(count)]
        for probe in found:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in found]


class Hub:
    """A hub in a folder of its own; `more` are lines of configuration."""

    def __init__(self, folder, tools, more=""):
        self.folder, self.password = Path(folder).resolve(), secrets.token_urlsafe(16)
        self.homes = self.folder / "homes"
        self.homes.mkdir()
        ports = free_ports(3)
        self.url = f"http://127.0.0.1:{ports[0]}"
        given = {
            **{
                "PASSWORD": self.password,
                "HOMES": str(self.homes),
                "PORTS": ports,
                "PYTHON": sys.executable,
                "MARK": MARK,
            },
            "EXTENSIONS": str(tools / "etc" / "jupyter"),  # in an environment of its own nbgitpuller is found there
            "PROXY": str(tools / "node_modules" / ".bin" / "configurable-http-proxy"),
        }
        lines = ["import os", *(f"{name} = {value!r}" for name, value in given.items()), OWN, more]
        (self.folder / "config.py").write_text("\n".join(lines), encoding="utf-8")
        self.log = self.folder / "hub.log"
        self.ours = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "GDCOURSE"))}
        # A hub's image has both in its environment.
        self.ours.update({"PYTHONPATH": os.pathsep.join([str(ROOT), str(tools)]), MARK: str(self.folder)})
        self.start()

    def start(self):
        """Start the hub, the first time or after it was killed."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "jupyterhub", "-f", "config.py"],
                cwd=self.folder, env=self.ours, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def ready(self):
        """Say whether the hub answers through its proxy."""
        expect(self.process.poll() is None, f"the hub ended:\n{self.log.read_text(errors='replace')}")
        return requests.get(f"{self.url}/hub/health", timeout=10).ok

    def processes(self):
        """Return [(kind, learner, process)] of all that runs: hub, proxy, server, kernel, other."""
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if (around := process.environ()).get(MARK) == str(self.folder):
                    line = " ".join(process.cmdline())
                    kind = next((kind for kind, part in KINDS.items() if part in line), "other")
                    found.append((kind, around.get("JUPYTERHUB_USER"), process))
        return found

    def process_of(self, kind, learner=None):
        """Return the one process of a kind, of a learner or of the hub."""
        return next(process for one, whose, process in self.processes() if (one, whose) == (kind, learner))

    def stop(self):
        """End the hub, its proxy, and its learners' servers with their kernels."""
        self.process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(20)
        for *_, process in self.processes():  # what a killed hub left
            with contextlib.suppress(psutil.Error):
                process.kill()


class Learner:
    """Somebody at a browser: cookies, a server, and a kernel over a websocket."""

    def __init__(self, hub, name):
        self.hub, self.name, self.session = hub, name, requests.Session()
        self.server = f"{hub.url}/user/{name}"
        self.pressed = 0  #: how often the hub said that a server had not started, and *Relaunch Server* was pressed

    def log_in(self):
        """Fill in the form of the login page."""
        page = self.session.get(f"{self.hub.url}/hub/login", timeout=30)
        token = re.search(r'name="_xsrf" value="([^"]+)"', page.text)[1]
        form = {"username": self.name, "password": self.hub.password, "_xsrf": token}
        answer = self.session.post(f"{self.hub.url}/hub/login", form, allow_redirects=False, timeout=30)
        expect(answer.status_code == 302, f"the login was answered with {answer.status_code}")

    def start(self, seconds=SECONDS, gap=0.1):
        """Wait until the learner's own JupyterLab answers; return how often the hub said that too many come at once."""
        sent_away = 0

        def asked():
            nonlocal sent_away
            page = self.session.get(f"{self.hub.url}/hub/spawn/{self.name}", timeout=seconds)
            sent_away += page.status_code == 429
            return page.status_code != 429

        def there():
            page = self.session.get(f"{self.server}/lab", timeout=30)
            failed = page.status_code == 500 and "spawn-pending" in page.url
            if page.status_code == 424 or failed:  # the page says that the server does not run, and has a button
                self.pressed += failed
                asked()
            return page.ok and page.url.startswith(f"{self.server}/lab") and "jupyter-config-data" in page.text

        wait_for(asked, "a place in the queue", seconds, max(gap, 1))
        wait_for(there, "JupyterLab", seconds, gap)
        return sent_away

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
        self.kernel = answer.json()["kernel"]["id"]
        self.connect()
        return self.kernel

    def connect(self):
        """Open the websocket to the kernel; where it broke, the server then sends what the kernel said meanwhile."""
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.session.cookies)
        place = f"{self.server}/api/kernels/{self.kernel}/channels?session_id={self.name}".replace("http:", "ws:")
        self.socket = websocket.create_connection(place, cookie=cookies, timeout=SECONDS, origin=self.hub.url)

    def send(self, kind, content):
        """Send the kernel a message; return its number."""
        number = secrets.token_hex(16)
        head = {"msg_id": number, "username": self.name, "session": self.name, "version": "5.3", "date": ""}
        message = {"header": {**head, "msg_type": kind}, "parent_header": {}, "metadata": {}}
        self.socket.send(json.dumps({**message, "content": content, "channel": "shell", "buffers": []}))
        return number

    def execute(self, code):
        """Send a cell to the kernel; return the message's number."""
        asked = {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
        return self.send("execute_request", asked)

    def received(self, number):
        """Yield the messages about the message of that number until the kernel is done with it."""
        while True:
            got = self.socket.recv()
            if isinstance(got, bytes):  # with buffers: a figure's numbers
                continue
            said = json.loads(got)
            if said["parent_header"].get("msg_id") != number:
                continue
            yield said
            if said["header"]["msg_type"] == "status" and said["content"]["execution_state"] == "idle":
                return

    def run(self, code):
        """Run a cell; return what it prints, or complain of what it raises."""
        printed = []
        for said in self.received(self.execute(code)):
            kind, content = said["header"]["msg_type"], said["content"]
            if kind == "stream":
                printed.append(content["text"])
            expect(kind != "error", f"a cell raised {content.get('ename')}: {content.get('evalue')}")
        return "".join(printed)


def link_to(hub, lesson):
    """Return nbgitpuller's link to a lesson of the course as it is committed here."""
    source = hub.folder / "course.git"
    if not source.exists():
        subprocess.run(["git", "clone", "--quiet", "--bare", ROOT, source], check=True)
        subprocess.run(["git", "branch", "--force", "main", "HEAD"], cwd=source, check=True)
    place = f"lab/tree/gdcourse/notebooks/{lesson}"
    asked = {"repo": f"file://{source}", "branch": "main", "urlpath": place, "targetPath": "gdcourse"}
    return f"{hub.url}/hub/user-redirect/git-pull?{requests.compat.urlencode(asked)}"
