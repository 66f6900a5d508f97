#!/usr/bin/env python3
"""Measures PopBGP and other daemons side by side in the measuring lab, and writes the table of docs/benchmarks.md.

    benchmarks/lab/compare.py --lab DIR [--set one] [--daemons bird2,frr,openbgpd,gobgp] [--reps 3] [--only load-1m,...]

DIR is the lab (load tools, scenarios, adapters of the other daemons); it is copied, not changed. Root is needed, for network namespaces.
Each scenario runs in rounds in one process of a daemon: the first is cold, the second warm. Results are kept in --results, one JSON file for
each scenario and daemon, and are not measured again while they are there; --redo does.
"""
import argparse, json, os, shutil, signal, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
HOME = os.path.dirname(os.path.dirname(HERE))
CPUS = {"one": "1", "two": "0,1"}
BEGIN, END = "<!-- compare.py: begin -->", "<!-- compare.py: end -->"
ALL = ("bird2", "frr", "openbgpd", "gobgp")


class Row:
    """A figure of a scenario: where it is found, whether more is better, what PopBGP is to reach cold and warm."""

    def __init__(self, what, path, cold=None, warm=None, unit="s", scale=1, more=False):
        self.what, self.path, self.cold, self.warm = what, path, cold, warm
        self.unit, self.scale, self.more = unit, scale, more


LOAD = [Row("until the receiver has all", "t_s", 1.0, 0.5), Row("CPU", "dut_cpu_s", 1.5, 0.7)]
FAILOVER = [Row("cause → all prefixes from the secondary", "t_s", 1.0, 0.5, "ms", 1000)]
PEERS = [Row("all Established", "t_established_s", 2.0, 1.0), Row("receiver complete", "t_s", 2.0, 1.0)]
PLAN = [
    ("load-1m", "1 M prefixes, 1 sender → 1 receiver", "load --prefixes 1000000",
     LOAD + [Row("peak RSS", "rss_peak_mb", 1.5, None, "MiB")]),
    ("load-100k", "100,000 prefixes", "load --prefixes 100000", [Row("until the receiver has all", "t_s", 2.0, 0.7)]),
    ("multi", "10 senders × the same 100,000", "multi",
     [Row("until the receiver has all", "t_s", 1.0, 0.5), Row("RSS growth a path", "rss_bytes_per_path", 0.8, None, "B")]),
    ("fanout", "100,000 → 20 receivers", "fanout", [Row("all receivers complete", "t_s", 1.0, 0.5), Row("CPU", "dut_cpu_s")]),
    ("failover-1k-rst", "failover of 1,000 by RST", "failover --prefixes 1000 --how rst", FAILOVER),
    ("failover-4k-rst", "failover of 4,000 by RST", "failover --prefixes 4000 --how rst", FAILOVER),
    ("failover-4k-notify", "failover of 4,000 by NOTIFICATION", "failover --prefixes 4000 --how notify", FAILOVER),
    ("failover-100k-rst", "failover of 100,000 by RST", "failover --prefixes 100000 --how rst", FAILOVER),
    ("churn", "1 M changes over 100,000", "churn", [Row("NLRI a CPU second", "nlri_per_cpu_s", 1.0, 2.0, "", 1, True)]),
    ("churn-50k", "10 s at 50,000 changes a second", "churn --rate 50000",
     [Row("CPU", "dut_cpu_s", 1.5, 0.7), Row("lag after the last", "lag_s", None, None, "ms", 1000)]),
    ("peers-1000", "1,000 sessions × 10 prefixes", "peers --sessions 1000", PEERS),
    ("mesh-200", "200 sessions × 10, all to all", "peers --sessions 200 --mesh", [Row("receiver complete", "t_s", 2.0, 1.0)]),
]
BRINGUP = [("start → Established, MD5", "start_to_established_s", None), ("TCP connect → Established, first", "connect_to_established_s", 3.0),
           ("reconnect after RST", "reconnect_after_rst_s", 3.0), ("reconnect after NOTIFICATION", "reconnect_after_notify_s", 3.0),
           ("restart → Established", "restart_to_established_s", None)]


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--lab", default=os.environ.get("POPBGP_LAB"), help="the lab's folder; POPBGP_LAB if not given")
    ap.add_argument("--set", choices=CPUS, default="one", help="one: the daemon alone on CPU 1; two: on both, sharing CPU 0 with the tools")
    ap.add_argument("--daemons", default=",".join(ALL), help="what PopBGP is compared with")
    ap.add_argument("--only", default="", help="names of scenarios")
    ap.add_argument("--reps", type=int, default=3)
    ap.add_argument("--results", default=os.path.join(HERE, "results"))
    ap.add_argument("--redo", action="store_true")
    a = ap.parse_args()
    if not a.lab or not os.path.exists(os.path.join(a.lab, "lablib.py")):
        ap.error("--lab (or POPBGP_LAB) is to name the folder of the lab, where lablib.py is")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    duts = ["popbgp"] + [d for d in a.daemons.split(",") if d]
    with tempfile.TemporaryDirectory(prefix="popbgp-lab-") as tmp:
        lab = os.path.join(tmp, "lab")
        shutil.copytree(a.lab, lab)
        shutil.copy(os.path.join(HERE, "popbgp.sh"), os.path.join(lab, "dut"))
        shutil.copy(os.path.join(HERE, "rounds.py"), lab)
        subprocess.run([os.path.join(HOME, "popbgp"), "warm-up", "--limit", "1s"], check=True, stdout=subprocess.DEVNULL)
        measure(a, lab, duts)
    write(a, duts)


def measure(a, lab, duts):
    env = dict(os.environ, LAB_DUT_CPUS=CPUS[a.set], LAB_TOOL_CPUS="0", POPBGP_HOME=HOME)
    only = [o for o in a.only.split(",") if o]
    plan = [(n, [os.path.join(lab, "rounds.py"), c.split()[0]], c.split()[1:]) for n, _, c, _ in PLAN]
    plan.append(("bringup", [os.path.join(lab, "scenarios", "bringup.py")], []))
    try:
        for name, command, options in plan:
            for dut in duts:
                out = result(a, name, dut)
                if only and name not in only or os.path.exists(out) and not a.redo:
                    continue
                code, printed = run([sys.executable, *command, dut, "--reps", str(a.reps), *options], env)
                try:
                    j = json.loads(printed)
                except ValueError:
                    j = {"median": None, "runs": [], "errors": [f"exit {code}, no result"]}
                os.makedirs(os.path.dirname(out), exist_ok=True)
                with open(out, "w") as f:
                    json.dump(j, f)
                print(name, dut, "errors:" if j.get("errors") else "ok", *j.get("errors", []), flush=True)
    finally:
        subprocess.run([os.path.join(lab, "net.sh"), "down"])


def run(command, env):
    """A scenario ends what it has started when it is told to end; so it is told, whatever ends this script."""
    p = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env, stdin=subprocess.DEVNULL)
    try:
        printed = p.communicate()[0]
        return p.returncode, printed
    except BaseException:
        p.terminate()
        p.wait()
        raise


def result(a, name, dut):
    return os.path.join(a.results, a.set, name, dut + ".json")


def read(a, name, dut):
    try:
        with open(result(a, name, dut)) as f:
            return json.load(f)
    except OSError:
        return {}


def figure(value, row):
    if value is None:
        return "-"
    v = value * row.scale
    return f"{v:,.0f}" if v >= 100 else f"{v:.1f}" if v >= 10 else f"{v:.2f}"


def write(a, duts):
    rows = ["| scenario | figure | PopBGP cold | PopBGP warm | best other | ratio cold | to reach | ratio warm | to reach |",
            "|---|---|--:|--:|---|--:|--:|--:|--:|"]
    wrong, versions = [], {}
    for name, what, _, figures in PLAN:
        measured = {d: read(a, name, d) for d in duts}
        for d, j in measured.items():
            if j.get("median"):
                versions[d] = j["version"]
                wrong += [f"{name}: {d}" for r in j["runs"] if not (r["cold"]["correct"] and r["warm"]["correct"])]
        ours = measured["popbgp"].get("median")
        for row in figures:
            others = {d: j["median"]["cold"].get(row.path) for d, j in measured.items() if d != "popbgp" and j.get("median")}
            others = {d: v for d, v in others.items() if v is not None}
            if ours is None or not others:
                continue
            best = (max if row.more else min)(others, key=others.get)
            cold = ours["cold"].get(row.path)
            warm = None if row.cold and not row.warm else ours["warm"].get(row.path)  # memory that was taken already
            rows.append(f"| {what} | {row.what}{', ' + row.unit if row.unit else ''} | {figure(cold, row)} | {figure(warm, row)} "
                        f"| {best} {figure(others[best], row)} | {ratio(cold, others[best], row.cold, row.more)} "
                        f"| {ratio(warm, others[best], row.warm, row.more)} |")
    measured = {d: (read(a, "bringup", d).get("median") or {}) for d in duts}
    for what, key, target in BRINGUP:
        others = {d: m[key] for d, m in measured.items() if d != "popbgp" and m.get(key) is not None}
        if measured["popbgp"].get(key) is not None and others:
            row, best = Row(what, key, unit="ms", scale=1000), min(others, key=others.get)
            value = measured["popbgp"][key]
            rows.append(f"| bring-up | {what}, ms | {figure(value, row)} | - | {best} {figure(others[best], row)} "
                        f"| {ratio(value, others[best], target, False)} | - | - |")
    j = read(a, PLAN[0][0], "popbgp")
    text = [BEGIN, "", f"Set `{a.set}`, {j.get('date', '')}, {a.reps} repetitions, medians. "
            + ", ".join(f"{d}: {v}" for d, v in sorted(versions.items())) + ".", "", *rows, ""]
    text += ["Every round of every daemon ended in the state that was sent." if not wrong else "Wrong end states: " + ", ".join(wrong) + ".", "", END]
    path = os.path.join(HOME, "docs", "benchmarks.md")
    with open(path) as f:
        before, rest = f.read().split(BEGIN)
    with open(path, "w") as f:
        f.write(before + "\n".join(text) + rest.split(END)[1])
    print("\n".join(text))


def ratio(value, best, target, more):
    if value is None or not best:
        return "- | -"
    r = value / best
    reached = target is not None and (r >= target if more else r <= target)
    return f"{'**' if reached else ''}{r:.2f}{'**' if reached else ''} | {'-' if target is None else ('≥ ' if more else '≤ ') + str(target)}"


if __name__ == "__main__":
    main()
