#!/usr/bin/env python3
"""Measures PopBGP and other daemons side by side in the measuring lab, and writes the tables of docs/benchmarks.md.

    benchmarks/lab/compare.py --lab DIR [--real DIR] [--set one,two] [--only load-1m,growth,...] [--minutes N] [--redo]

--lab is the lab (load tools, scenarios, adapters of the other daemons); it is copied, not changed. --real is the folder with the real
prefixes. Root is needed, for network namespaces. Each scenario runs in rounds in one process of a daemon: the first is cold, the second
warm. What was measured is kept in --results, as JSON lines, and not measured again there unless --redo says so: a run can be interrupted,
or done in pieces (--only, --minutes), and goes on where it was; what failed is tried again by the next call. The document is written from all that is there; --report writes it alone.

A daemon that the lab's own baseline shows behind gets one repetition, or is left out where it would need minutes: plan.py.
Exit code: 0 if all that was asked for is there, 3 if --minutes was not enough (call it again), 1 if something else stopped it.
"""
import argparse, ctypes, json, os, shutil, signal, subprocess, sys, tempfile, time

sys.dont_write_bytecode = True
import plan, report  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
HOME = os.path.dirname(os.path.dirname(HERE))
CPUS = {"one": "1", "two": "0,1"}
DAEMONS = {"one": ("bird2", "frr", "openbgpd", "gobgp"), "two": ("bird2", "frr")}
PRODUCT = ("popbgp", "pom.xml", "bgp-core", "bgp-netty", "bgp-sim", "bgp-daemon")
LIMIT_S = 1500  # of one scenario and daemon, all repetitions
SENDER = ("198.18.16.1", 4200000001)  # the lab's first sender


def main():
    a = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    run = Run(a)
    if not a.report:
        todo = run.todo()
        left = measure(a, run, todo) if todo else 0
        print(f"{len(todo) - left} measured, {left} left", flush=True)
    else:
        left = 0
    report.write(HOME, run, a.section)
    return 3 if left else 0


def arguments():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--lab", default=os.environ.get("POPBGP_LAB"), help="the lab's folder; POPBGP_LAB if not given")
    ap.add_argument("--real", default=os.environ.get("POPBGP_PREFIXES"), help="folder of the real prefixes; POPBGP_PREFIXES if not given; without, they are left out")
    ap.add_argument("--set", default="one,two", help="one: the daemon alone on CPU 1; two: on both, sharing CPU 0 with the tools")
    ap.add_argument("--daemons", help="what PopBGP is compared with; by default all in set one, BIRD and FRR in set two")
    ap.add_argument("--only", default="", help="names of scenarios, table, growth")
    ap.add_argument("--reps", type=int, default=3)
    ap.add_argument("--minutes", type=float, help="begin nothing that is not to be expected to end by then")
    ap.add_argument("--results", help="by default results/COMMIT beside this script")
    ap.add_argument("--redo", action="store_true", help="measure again what is there")
    ap.add_argument("--everything", action="store_true", help="leave nobody out, and nobody with fewer repetitions")
    ap.add_argument("--small", action="store_true", help="a hundredth of the size, once, for trying the scripts; kept apart, never written to the document")
    ap.add_argument("--report", action="store_true", help="measure nothing, write the document")
    ap.add_argument("--section", default="main", help="name of the place in the document")
    a = ap.parse_args()
    if not a.lab or not os.path.exists(os.path.join(a.lab, "lablib.py")):
        ap.error("--lab (or POPBGP_LAB) is to name the folder of the lab, where lablib.py is")
    a.sets = a.set.split(",")
    if not set(a.sets) <= set(CPUS):
        ap.error(f"--set: one, two, or both, not {a.set}")
    known = {s.name for s in plan.SCENARIOS} | {s.group for s in plan.SCENARIOS}
    a.only = [o for o in a.only.split(",") if o]
    if not set(a.only) <= known:
        ap.error(f"--only: {', '.join(sorted(set(a.only) - known))} is none of {', '.join(sorted(known))}")
    return a


class Run:
    """What belongs to one commit: a folder with run.json and a file of JSON lines for each set."""

    def __init__(self, a):
        self.a, self.commit = a, commit()
        self.folder = a.results or os.path.join(HERE, "results", self.commit + ("-small" if a.small else ""))
        os.makedirs(self.folder, exist_ok=True)
        path = os.path.join(self.folder, "run.json")
        if not os.path.exists(path):
            with open(path, "w") as f:
                json.dump({"commit": self.commit, "begun": time.strftime("%Y-%m-%d %H:%M"), "machine": machine(), "java": java(),
                           "java_opts": os.environ.get("POPBGP_JAVA_OPTS", ""), "reps": a.reps, "small": a.small}, f)
        with open(path) as f:
            self.about = json.load(f)
        if self.about["commit"] != self.commit and not a.report:
            sys.exit(f"compare.py: {self.folder} belongs to commit {self.about['commit']}, this is {self.commit}: give another --results")
        with open(os.path.join(a.lab, "baseline.json")) as f:
            self.share = plan.Share(json.load(f)["results"]["one"], a.everything)
        self.found = {s: self.read(s) for s in CPUS}

    def path(self, cpus):
        return os.path.join(self.folder, cpus + ".jsonl")

    def read(self, cpus):
        """The last line of each scenario and daemon; a line that was cut off counts as not there."""
        found = {}
        try:
            with open(self.path(cpus)) as f:
                for line in f:
                    try:
                        j = json.loads(line)
                        found[j["name"], j["daemon"]] = j
                    except ValueError:
                        pass
        except FileNotFoundError:
            pass
        return found

    def keep(self, cpus, j):
        with open(self.path(cpus), "a") as f:
            f.write(json.dumps(j) + "\n")
        self.found[cpus][j["name"], j["daemon"]] = j

    def daemons(self, scenario, cpus):
        chosen = self.a.daemons.split(",") if self.a.daemons else DAEMONS[cpus]
        return ["popbgp"] + [d for d in chosen if d and (scenario.daemons is None or d in scenario.daemons)]

    def todo(self):
        """(set, scenario, daemon, repetitions), scenario by scenario, so that those that are compared are measured side by side."""
        todo = []
        for cpus in self.a.sets:
            for s in plan.SCENARIOS:
                if self.a.only and not {s.name, s.group} & set(self.a.only) or s.group == "growth" and cpus != "one":
                    continue
                if s.name == "real" and not self.a.real:
                    continue
                for d in self.daemons(s, cpus):
                    reps = 1 if self.a.small else self.share.reps(cpus, s, d, self.a.reps)
                    if reps and (self.a.redo or not (self.found[cpus].get((s.name, d)) or {}).get("median")):
                        todo.append((cpus, s, d, reps))
        return todo

    def expected_s(self, cpus, scenario, daemon, reps):
        """How long a measurement may take: what it took in a repetition before, or a guess."""
        known = [j["took_s"] / max(1, j["reps"]) for c in CPUS for (n, d), j in self.found[c].items() if n == scenario.name and d == daemon]
        guess = (35 if daemon == "popbgp" else 12) + (0 if self.a.small else 4 * self.share.behind(scenario, daemon)[1])
        return reps * (max(known) if known else guess)


def measure(a, run, todo):
    """Measures until all is done or the time is up; returns how much is left."""
    end = time.monotonic() + 60 * a.minutes if a.minutes else float("inf")
    with tempfile.TemporaryDirectory(prefix="popbgp-lab-") as tmp:
        os.chmod(tmp, 0o755)
        lab = os.path.join(tmp, "lab")
        shutil.copytree(a.lab, lab, ignore=shutil.ignore_patterns("results"))
        subprocess.run(["chmod", "-R", "u+w", lab], check=True)
        subprocess.run(["make", "-s", "-C", lab], check=True)
        shutil.copy(os.path.join(HERE, "popbgp.sh"), os.path.join(lab, "dut"))
        shutil.copy(os.path.join(HERE, "rounds.py"), lab)
        shutil.copy(os.path.join(HERE, "real.py"), os.path.join(lab, "bin", "realblast"))
        subprocess.run([os.path.join(HOME, "popbgp"), "warm-up", "--limit", "1s"], check=True, stdout=subprocess.DEVNULL)
        try:
            for i, (cpus, scenario, daemon, reps) in enumerate(todo):
                if i and time.monotonic() + run.expected_s(cpus, scenario, daemon, reps) > end:
                    return len(todo) - i
                run.keep(cpus, one(a, run, lab, tmp, cpus, scenario, daemon, reps))
        finally:
            subprocess.run([os.path.join(lab, "net.sh"), "down"], check=False)
    return 0


def one(a, run, lab, tmp, cpus, scenario, daemon, reps):
    env = dict(os.environ, LAB_DUT_CPUS=CPUS[cpus], LAB_TOOL_CPUS="0", LAB_TMP=tmp, POPBGP_HOME=HOME)
    name, *options = scenario.command.split()
    if name == "real":
        options += ["--file", encoded(a, run, lab)]
    if a.small:
        options, env = smaller(name, options), dict(env, LAB_NOWAIT="1", POPBGP_LAB_NOISE="1")
    started = time.monotonic()
    code, printed, said = call([sys.executable, os.path.join(lab, "rounds.py"), name, daemon, "--reps", str(reps), "--rounds", str(scenario.rounds), *options], env)
    try:
        j = json.loads(printed)
    except ValueError:
        j = {"median": None, "runs": [], "errors": [f"exit code {code}, no result: {said[-400:].strip()}"]}
    j.update(name=scenario.name, daemon=daemon, set=cpus, reps=reps, took_s=round(time.monotonic() - started, 1))
    brief = {r: {k: v for k, v in (j["median"][r] or {}).items() if k.endswith("_s") or k == "correct"} for r in ("cold", "warm")} if j["median"] else None
    print(time.strftime("%H:%M:%S"), cpus, scenario.name, daemon, f"{j['took_s']} s", brief or "failed", *j["errors"], flush=True)
    return j


def smaller(name, options):
    """A hundredth of what is announced, a tenth of the sessions."""
    sizes = {"--prefixes": 100, "--sessions": 10, "--rate": 10, "--receivers": 4, "--max-nlri": 100}
    out = [str(max(1, int(o) // sizes[options[i - 1]])) if i and options[i - 1] in sizes else o for i, o in enumerate(options)]
    if name in ("churn", "flood", "fanout"):
        out += ["--prefixes", "1000", "--max-nlri", "10000"]
    return out


def encoded(a, run, lab):
    """The real prefixes as octets to send; made once for a run."""
    path = os.path.join(run.folder, "real.bin")
    folder = a.real
    if not os.path.exists(path):
        subprocess.run([sys.executable, os.path.join(lab, "bin", "realblast"), "--encode", folder, "--source", SENDER[0], "--as", str(SENDER[1]),
                        "--file", path, *(["--every", "100"] if a.small else [])], check=True, stdout=subprocess.DEVNULL)
    return path


def call(command, env):
    """A scenario ends what it has started when it is told to end; so it is told, whatever ends this script."""
    def die_with_us():
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)

    with tempfile.TemporaryFile("w+") as said:
        p = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, text=True, env=env, stdin=subprocess.DEVNULL, preexec_fn=die_with_us)
        try:
            printed = p.communicate(timeout=LIMIT_S)[0]
        except subprocess.TimeoutExpired:
            p.terminate()
            printed = p.communicate()[0]
        except BaseException:
            p.terminate()
            p.wait()
            raise
        said.seek(0)
        return p.returncode, printed, said.read()


def output(*command):
    try:
        return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=HOME).stdout.strip()
    except OSError:
        return ""


def commit():
    """The last commit that changed what is measured; a source tree with further changes says so."""
    changed = output("git", "status", "--porcelain", "--", *PRODUCT)
    return output("git", "log", "-1", "--format=%h", "--", *PRODUCT) + ("-changed" if changed else "")


def machine():
    with open("/proc/cpuinfo") as f:
        model = next((line.split(":")[1].strip() for line in f if line.startswith("model name")), "unknown")
    with open("/proc/meminfo") as f:
        memory = int(f.readline().split()[1]) // 1048576
    return f"{os.cpu_count()} × {model}, {memory} GiB, Linux {os.uname().release}"


def java():
    home = os.environ.get("JAVA_HOME")
    lines = output(os.path.join(home, "bin", "java") if home else "java", "-version").splitlines()
    return f"{lines[0].split()[2]} ({lines[1].split(' (')[0]})".replace('"', "") if len(lines) > 1 else "unknown"


if __name__ == "__main__":
    sys.exit(main())
