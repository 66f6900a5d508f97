#!/usr/bin/env python3
"""Runs the drill with many failovers, and writes their distribution in docs/benchmarks.md.

    benchmarks/failovers.py [--count 200] [--results FILE] [--report]
"""
import argparse, json, os, re, subprocess, sys, time

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
HOME = os.path.dirname(HERE)
sys.path.insert(0, os.path.join(HERE, "lab"))
import compare, report  # noqa: E402

STAGES = (("failovers", "quiet"), ("failovers-under-churn", "under churn"))


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--count", type=int, default=200)
    ap.add_argument("--results", default=os.path.join(HERE, "lab", "results", "failovers.json"))
    ap.add_argument("--report", action="store_true", help="run nothing, write the document from --results")
    a = ap.parse_args()
    if not a.report:
        os.makedirs(os.path.dirname(a.results), exist_ok=True)
        out = a.results + ".new"
        code = subprocess.run([os.path.join(HOME, "popbgp"), "demo", "--failovers", str(a.count), "--json", out]).returncode
        with open(out) as f:
            drill = json.load(f)
        os.remove(out)
        drill["stamp"] = {"date": time.strftime("%Y-%m-%d %H:%M"), "commit": compare.commit(), "machine": compare.machine(), "java": compare.java(), "count": a.count}
        with open(a.results, "w") as f:
            json.dump(drill, f, indent=1)
        if code:
            print(f"failovers.py: the drill ended with exit code {code}", file=sys.stderr)
    with open(a.results) as f:
        drill = json.load(f)
    report.replace(os.path.join(HOME, report.DOCUMENT), "failovers.py", table(drill))
    return 0 if drill["passed"] else 1


def table(drill):
    stamp, stages = drill["stamp"], {s["name"]: s for s in drill["stages"]}
    found = [(stages[name], what) for name, what in STAGES if name in stages]
    split = [re.fullmatch(r"(.*), (p?\d+(?:\.\d+)?|max)", k) for s, _ in found for k in s["times-us"]]
    rows = list(dict.fromkeys(m.group(1) for m in split if m))
    columns = list(dict.fromkeys(m.group(2) for m in split if m))
    lines = [f"`./popbgp demo --failovers {stamp['count']}`, commit {stamp['commit']}, {stamp['date']}, JDK {stamp['java']} ({stamp['machine']}), in ms. "
             + ("All checks held." if drill["passed"] else "**Not all checks held**: " + ", ".join(s["name"] for s in drill["stages"] if not s["passed"]) + "."),
             "", "| | " + " | ".join(f"{what} {c}" for _, what in found for c in columns) + " |", "|---|" + "--:|" * (len(found) * len(columns))]
    for row in rows:
        cells = [s["times-us"].get(f"{row}, {c}") for s, _ in found for c in columns]
        lines.append(f"| {row} | " + " | ".join("-" if c is None else f"{c / 1000:.2f}" for c in cells) + " |")
    notes = [f"{what}: {k} {v}" for s, what in found for k, v in s["notes"].items()]
    return lines + (["", "; ".join(notes) + "."] if notes else [])


if __name__ == "__main__":
    sys.exit(main())
