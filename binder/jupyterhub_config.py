"""What a JupyterHub sets so that thirty learners of this course don't get into one another's way.

The same file serves three kinds of hub; `notebooks/instructors.ipynb` says how to set each up.
- The Littlest JupyterHub: copied to /opt/tljh/config/jupyterhub_config.d/
- Zero to JupyterHub: helm upgrade … --set-file hub.extraConfig.gdcourse=binder/jupyterhub_config.py
- a hub of your own: load_subconfig("binder/jupyterhub_config.py") in its configuration

Who may log in, where the hub listens and how a server is started are the hub's own to say. `tests/tools/try_hub.py`
starts a hub with this file and works a lesson on it.
"""

MEMORY = "2G"  # a learner's: lesson 10, with TensorFlow, takes 0.9 GB, and another notebook may still be open
CORES = 1.0  # a learner's
KERNEL_MINUTES = 30  # a kernel idle for so long goes, and the memory with it; what is in the notebook stays
SERVER_MINUTES = 120  # a server idle for so long goes

SERVER = [
    f"--MappingKernelManager.cull_idle_timeout={60 * KERNEL_MINUTES}",
    "--MappingKernelManager.cull_interval=60",
    "--MappingKernelManager.cull_connected=True",  # else a tab that is left open keeps its kernel for ever
    f"--ServerApp.shutdown_no_activity_timeout={60 * SERVER_MINUTES}",
]
# One thread each: where a machine shows more cores than it lends, threads wait for one another. The package says so to
# NumPy's products when it is imported; these are there before NumPy comes, and makes its threads.
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")
ENVIRONMENT = dict.fromkeys(THREADS, "1")

c = get_config()  # noqa: F821  JupyterHub brings it
# A hub that has set something for its own kind of spawner would overrule what is said for all of them.
for spawner in (c.Spawner, c.SystemdSpawner, c.KubeSpawner):
    spawner.mem_limit = MEMORY
    spawner.cpu_limit = CORES
    spawner.args = SERVER
    spawner.notebook_dir = "~"  # an image that repo2docker made would begin in a folder that is not kept
    spawner.environment.update(ENVIRONMENT)
    spawner.start_timeout = 300  # seconds, for the morning on which all thirty come at once
    spawner.http_timeout = 300  # one of thirty did not answer within 120
    spawner.poll_interval = 5  # seconds until a server that died is noticed, and its learner can start it again
c.KubeSpawner.mem_guarantee = "500M"
c.KubeSpawner.cpu_guarantee = 0.1
# Whoever comes when so many servers start is shown an error and has to try again by hand: a class must fit.
c.JupyterHub.concurrent_spawn_limit = 100
