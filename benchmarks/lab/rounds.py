#!/usr/bin/env python3
"""The lab's scenarios again and again in one process of the daemon: the first round is cold, the second warm.

Each round is what the lab's own scenario of that name does, with new sessions and the same load; between rounds all sessions end
and the daemon falls idle. Runs in a copy of the lab, beside lablib.py: `rounds.py load popbgp --prefixes 100000` prints one JSON line.
"""
import sys, time
from lablib import *
import lablib


class Measured:
    """What every round measures: CPU, memory, what others did meanwhile."""

    def __init__(self, dut, *tools):
        dut.snapshot_pids()
        self.dut, self.rss0, self.cpu0 = dut, dut.rss(), dut.cpu()
        self.noise, self.idle = Foreign(dut, *tools), IdleWatch(dut)

    def end(self, quiet_s=1.0):
        t_idle = self.idle.wait(quiet_s, 600)
        return t_idle, {"dut_cpu_s": round(self.dut.cpu() - self.cpu0, 4), "rss_before_mb": round(self.rss0, 1),
                        "rss_after_mb": round(self.dut.rss(), 1), "rss_peak_mb": round(self.dut.hwm(), 1),
                        "noise": self.noise.result()}


def seconds(ns):
    return round(ns / 1e9, 5)


def begun(tools, tool, event="established", timeout=120):
    """A tool that was started, once it has said so; it is ended with the round."""
    tools.append(tool)
    tool.wait(event, timeout=timeout)
    return tool


def load(dut, a, tools):
    return fanout(dut, a, tools, 1)


def fanout(dut, a, tools, receivers=None):
    receivers = receivers or a.receivers
    s = begun(tools, sink("--expect", a.prefixes, "--sessions", receivers), "all_established")
    b = begun(tools, blast("--prefixes", a.prefixes, "--hold-send"))
    dut.wait_idle()
    m = Measured(dut, b, s)
    b.cmd("send")
    t0 = b.wait("first_byte")["t_ns"]
    done = s.wait("all_reached", timeout=300)["t_ns"]
    _, r = m.end()
    b.cmd("digest")
    d = b.wait("digest")["digest"]
    s.cmd("state")
    s.wait("state", session=receivers - 1)
    return {"t_s": seconds(done - t0), "correct": all(e["digest"] == d for e in s.all("state")), **r}


def multi(dut, a, tools):
    s = begun(tools, sink("--expect", a.prefixes))
    b = begun(tools, blast("--prefixes", a.prefixes, "--sessions", a.senders, "--hold-send"), "all_established")
    dut.wait_idle()
    m = Measured(dut, b, s)
    b.cmd("send")
    t0 = b.wait("all_sent", timeout=300)["t_first_ns"]
    reached = s.wait("reached", timeout=300)["t_ns"]
    t_idle, r = m.end(1.2)
    q = settled(s)
    return {"t_s": seconds(reached - t0), "t_done_s": seconds(max(t_idle, q["t_last_ns"]) - t0),
            "rss_bytes_per_path": round((r["rss_after_mb"] - r["rss_before_mb"]) * 1048576 / a.prefixes / a.senders, 1),
            "correct": q["reachable"] == a.prefixes, **r}


def failover(dut, a, tools):
    s = begun(tools, sink("--expect", a.prefixes, "--expect-from", SEND_AS + 1))
    first = blast("--prefixes", a.prefixes)
    tools.append(first)
    s.wait("reached", timeout=120)
    second = Tool("bgpblast", "--connect", f"{DUT_ADDR}:{DUT_PORT}", "--source", addr(SEND_ADDR, 1), "--as", SEND_AS + 1,
                  "--peer-as", DUT_AS, "--retry-ms", 50, "--prefixes", a.prefixes)
    tools.append(second)
    second.wait("eor_sent", timeout=120)
    dut.wait_idle(1.0)
    s.cmd("state")
    before = s.wait("state")
    if before["from"]:
        raise LabError(f"{dut.name}: the secondary was preferred for {before['from']} prefixes")
    s.cmd(f"expect-from {SEND_AS + 1}")
    s.wait("expect_from")
    m = Measured(dut, *tools)
    first.cmd(a.how)
    t0 = first.wait(a.how)["t_ns"]
    ok = s.wait("from_all", timeout=120)
    _, r = m.end()
    q = s.wait("quiet", after=ok["t_ns"])
    second.cmd("digest")
    return {"t_s": seconds(ok["t_ns"] - t0), "min_reachable": ok["min_reachable"],
            "withdrawn_meanwhile": q["withdrawn"] - before["withdrawn"],
            "correct": q["digest"] == second.wait("digest")["digest"] and q["withdrawn"] == before["withdrawn"]
            and ok["min_reachable"] == a.prefixes, **r}


def churn(dut, a, tools):
    s = begun(tools, sink("--expect", a.prefixes, "--quiet-ms", 1500))
    b = blast("--prefixes", a.prefixes, "--churn", 10, "--churn-rate", a.rate, "--churn-max", 0 if a.rate else a.max_nlri)
    tools.append(b)
    s.wait("quiet", timeout=120)
    dut.wait_idle()
    m = Measured(dut, b, s)
    b.cmd("churn")
    t0 = b.wait("churn_start")["t_ns"]
    e = b.wait("churn_end", timeout=130)
    _, r = m.end(1.6)
    q = settled(s)
    n = e["announced"] + e["withdrawn"]
    return {"t_s": seconds(q["t_last_ns"] - t0), "lag_s": seconds(q["t_last_ns"] - e["t_ns"]),
            "nlri_per_cpu_s": round(n / r["dut_cpu_s"]),
            "correct": q["digest"] == e["digest"] and q["reachable"] == e["reachable"], **r}


def peers(dut, a, tools):
    s = begun(tools, sink("--expect", a.sessions * 10, "--give-up", 200), timeout=200)
    dut.wait_idle(1.0)
    b = blast("--prefixes", 10, "--sessions", a.sessions, "--slice", "--hold-send", "--give-up", 200, "--parallel", 4)
    tools.append(b)
    m = Measured(dut, b, s)
    up = b.wait("all_established", timeout=200)
    dut.wait_idle(1.0)
    b.cmd("send")
    t0 = b.wait("all_sent", timeout=60)["t_first_ns"]
    reached = s.wait("reached", timeout=200)["t_ns"]
    _, r = m.end(1.5)
    s.cmd("state")
    return {"t_established_s": seconds(up["t_ns"] - up["t_begin_ns"]), "t_s": seconds(reached - t0),
            "rss_kb_per_session": round((r["rss_after_mb"] - r["rss_before_mb"]) * 1024 / a.sessions, 1),
            "correct": s.wait("state")["reachable"] == a.sessions * 10, **r}


SCENARIOS = {
    "load": (load, lambda a: [Peer(0, "in"), Peer(0, "out")]),
    "multi": (multi, lambda a: [Peer(i, "in") for i in range(a.senders)] + [Peer(0, "out")]),
    "fanout": (fanout, lambda a: [Peer(0, "in")] + [Peer(i, "out") for i in range(a.receivers)]),
    "failover": (failover, lambda a: [Peer(0, "in", metric=90), Peer(1, "in", metric=100), Peer(0, "out")]),
    "churn": (churn, lambda a: [Peer(0, "in"), Peer(0, "out")]),
    "peers": (peers, lambda a: [Peer(i, "both" if a.mesh else "in") for i in range(a.sessions)] + [Peer(0, "out")]),
}


def args(ap):
    ap.add_argument("--rounds", type=int, default=2)
    ap.add_argument("--prefixes", type=int, default=100000)
    ap.add_argument("--senders", type=int, default=10)
    ap.add_argument("--receivers", type=int, default=20)
    ap.add_argument("--sessions", type=int, default=1000)
    ap.add_argument("--mesh", action="store_true")
    ap.add_argument("--how", choices=("rst", "notify"), default="rst")
    ap.add_argument("--max-nlri", type=int, default=1000000)
    ap.add_argument("--rate", type=float, default=0)


def main():
    if len(sys.argv) < 2 or sys.argv[1] not in SCENARIOS:
        sys.exit(f"usage: rounds.py {'|'.join(SCENARIOS)} DUT [options]")
    name = sys.argv.pop(1)
    scenario, peers_of = SCENARIOS[name]

    def run(a):
        dut = Dut(a.dut, peers_of(a))
        rounds = []
        try:
            dut.start()
            dut.snapshot_pids()
            for _ in range(a.rounds):
                tools = []
                try:
                    rounds.append(scenario(dut, a, tools))
                finally:
                    for t in tools:
                        t.stop()
                dut.wait_idle(1.0)
            noise = [r.pop("noise") for r in rounds]
            return {"cold": rounds[0], "warm": rounds[min(1, len(rounds) - 1)], "last": rounds[-1],
                    "each_t_s": {str(i + 1): r["t_s"] for i, r in enumerate(rounds)},
                    "noise": {k: sum(n[k] for n in noise) for k in noise[0]}}
        finally:
            dut.cleanup()

    run.__doc__ = __doc__
    return lablib.main(name, run, args)


if __name__ == "__main__":
    sys.exit(main())
