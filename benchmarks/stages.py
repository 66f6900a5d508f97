#!/usr/bin/env python3
"""Runs the JMH benchmarks of each stage, and writes their table in docs/benchmarks.md.

    mvn -q -B -pl benchmarks -am package -DskipTests
    benchmarks/stages.py [--only REGEX] [--results FILE] [--report]

Settings are those of the classes, with -prof gc; some four minutes on a machine that has nothing else to do. --results keeps JMH's own JSON,
--report writes the document from it alone.
"""
import argparse, json, os, subprocess, sys, time

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
HOME = os.path.dirname(HERE)
sys.path.insert(0, os.path.join(HERE, "lab"))
import compare, report  # noqa: E402

# In the order of the way of an UPDATE: benchmark, what it is, the unit of its score.
STAGES = [
    ("FrameBenchmark.keepalives", "frame: cut out of the reads and told, empty messages", "message"),
    ("FrameBenchmark.internet", "frame and decode: a table in reads of 64 KiB", "prefix"),
    ("DecodeBenchmark.fullIpv4", "decode: 900 IPv4 prefixes to an UPDATE, attributes known", "prefix"),
    ("DecodeBenchmark.fullIpv6", "decode: 500 IPv6 prefixes to an UPDATE, attributes known", "prefix"),
    ("DecodeBenchmark.internetSeenBefore", "decode: a table, attributes known", "prefix"),
    ("StageBenchmark.decode", "decode: a table, attributes not known", "prefix"),
    ("InternBenchmark.newSet", "attribute set to its number, a new one (less `lastSet`)", "set"),
    ("InternBenchmark.equalObject", "attribute set to its number, a known one (less `lastSet`)", "set"),
    ("InternBenchmark.lastSet", "the same as the last, nothing looked up", "set"),
    ("StageBenchmark.adjRibIn", "apply to the Adj-RIB-In: stored, refused by policy", "prefix"),
    ("StageBenchmark.adjRibInAndDecision", "apply and decide: stored, wins over another route", "prefix"),
    ("DecisionBenchmark.tables", "decide alone: one of 2, 4, 16 routes turns better or worse", "prefix"),
    ("StageBenchmark.adjRibOut", "Adj-RIB-Out: what is due to a neighbour, by attribute set", "prefix"),
    ("StageBenchmark.encode", "encode: those batches to octets", "prefix"),
    ("EncodeBenchmark.oneSetIpv4", "encode: 10,000 prefixes with one attribute set", "prefix"),
    ("EncodeBenchmark.withdrawIpv4", "encode: withdrawals", "prefix"),
    ("StageBenchmark.wholePath", "whole path: octets in to octets out, one thread", "prefix"),
    ("FailoverBenchmark.toLocRib", "failover: Loc-RIB and list of changes", "failover"),
    ("FailoverBenchmark.toUpdates", "failover: until the last UPDATE for a neighbour is written", "failover"),
]


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--only", help="benchmarks to run, as JMH takes them; the others' results of before are kept")
    ap.add_argument("--results", default=os.path.join(HERE, "lab", "results", "jmh.json"))
    ap.add_argument("--report", action="store_true", help="run nothing")
    a = ap.parse_args()
    if not a.report:
        run(a)
    with open(a.results) as f:
        report.replace(os.path.join(HOME, report.DOCUMENT), "stages.py", table(json.load(f)))
    return 0


def run(a):
    os.makedirs(os.path.dirname(a.results), exist_ok=True)
    wanted = a.only or "|".join(rf"\.{b.replace('.', chr(92) + '.')}$" for b, _, _ in STAGES)
    out = a.results + ".new"
    command = ["java", "-jar", os.path.join(HERE, "target", "benchmarks.jar"), wanted, "-prof", "gc", "-rf", "json", "-rff", out]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    with open(out) as f:
        fresh = json.load(f)
    os.remove(out)
    stamp = {"date": time.strftime("%Y-%m-%d %H:%M"), "commit": compare.commit(), "machine": compare.machine(), "java": compare.java()}
    kept = []
    if a.only and os.path.exists(a.results):
        with open(a.results) as f:
            kept = [j for j in json.load(f) if key(j) not in {key(j) for j in fresh}]
    with open(a.results, "w") as f:
        json.dump(kept + [dict(j, stamp=stamp) for j in fresh], f, indent=1)


def key(j):
    return j["benchmark"], json.dumps(j.get("params", {}), sort_keys=True)


def table(found):
    stamps = sorted({(j["stamp"]["commit"], j["stamp"]["date"][:10], j["stamp"]["java"], j["stamp"]["machine"]) for j in found})
    rows = ["| benchmark | stage | score | ± | unit | bytes allocated |", "|---|---|--:|--:|---|--:|"]
    for benchmark, what, per in STAGES:
        for j in sorted((j for j in found if j["benchmark"].endswith("." + benchmark)), key=lambda j: [int(v) for v in j.get("params", {}).values()]):
            score = j["primaryMetric"]
            unit = score["scoreUnit"].split("/")[0]
            allocated = next((m["score"] for name, m in j["secondaryMetrics"].items() if name.endswith("alloc.rate.norm")), None)
            size = "".join(f", {int(v):,}" for v in j.get("params", {}).values())
            rows.append(f"| `{benchmark.replace('Benchmark', '')}` | {what}{size} | {three(score['score'])} | {error(score)} | {unit} a {per} | {three(allocated)} |")
    return ["; ".join(f"commit {c}, {d}, JDK {v} ({m})" for c, d, v, m in stamps) + ". ± is half the width of the 99.9 % confidence interval.", "", *rows]


def error(metric):
    value = metric["scoreError"]
    return "-" if isinstance(value, str) or value != value else three(value)


def three(value):
    return "-" if value is None else f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


if __name__ == "__main__":
    sys.exit(main())
