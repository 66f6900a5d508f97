#!/usr/bin/env python3
"""The lab's scenarios again and again in one process of the daemon: the first round is cold, the second warm.

Each round is what the lab's own scenario of that name does, with new sessions and the same load; between rounds all sessions end
and the daemon falls idle. Runs in a copy of the lab, beside lablib.py: `rounds.py load popbgp --prefixes 100000` prints one JSON line.
"""
import json, os, re, subprocess, sys, time
from lablib import *
import lablib

KEY = "bgplab-secret"
DAMPED_S = 20                                           # a peer that was lost three times: some daemons wait minutes then
DUT_ADDR6 = "fd00::c612:1"                              # beside 198.18.0.1, where the senders' IPv6 next hops are


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
    return through(dut, tools, sink("--expect", a.prefixes), lambda: blast("--prefixes", a.prefixes, "--hold-send"))


def fanout(dut, a, tools):
    return through(dut, tools, sink("--expect", a.prefixes, "--sessions", a.receivers),
                   lambda: blast("--prefixes", a.prefixes, "--hold-send"), a.receivers)


def real(dut, a, tools):
    with open(a.file, "rb") as f:
        table = json.loads(f.readline())
    sender = ("--connect", f"{DUT_ADDR}:{DUT_PORT}", "--source", SEND_ADDR, "--as", SEND_AS, "--file", a.file)
    return through(dut, tools, sink("--v6", "--expect", table["prefixes"]), lambda: Tool("realblast", *sender))


def through(dut, tools, receiver, sender, receivers=1):
    """All that one sender has, through the daemon, to the receivers; they are up before it is."""
    s = begun(tools, receiver, "all_established")
    b = begun(tools, sender())
    dut.wait_idle()
    m = Measured(dut, b, s)
    b.cmd("send")
    t0 = b.wait("first_byte")["t_ns"]
    done = s.wait("all_reached", timeout=400)["t_ns"]
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


def flood(dut, a, tools):
    """What a daemon has let into its memory when it was flooded for 2 s; what waits is not drained."""
    s = begun(tools, sink("--expect", a.prefixes))
    b = blast("--prefixes", a.prefixes, "--churn", 2)
    tools.append(b)
    s.wait("quiet", timeout=120)
    dut.wait_idle()
    m = Measured(dut, b, s)
    for pid in dut.pids():
        with open(f"/proc/{pid}/clear_refs", "w") as f:
            f.write("5")                                # VmHWM from now on
    b.cmd("churn")
    t0 = b.wait("churn_start")["t_ns"]
    e = b.wait("churn_end", timeout=60)
    noise = m.noise.result()
    time.sleep(3)
    m.idle.on = False
    peak = dut.hwm()
    return {"t_s": seconds(e["t_ns"] - t0), "nlri_accepted": e["announced"] + e["withdrawn"], "rss_before_mb": round(m.rss0, 1),
            "rss_peak_mb": round(peak, 1), "let_in_mb": round(max(0.0, peak - m.rss0), 1), "correct": dut.alive(), "noise": noise}


def bringup(a):
    """Start, first session, and how long a session takes to be back, with TCP MD5: the first time, and once more when the daemon is idle."""
    dut, tools = Dut(a.dut, [Peer(0, "in", md5=KEY)]), []
    try:
        # tries every 2 ms; a refused attempt costs 4 ms, for an unsigned RST does not count with MD5
        b = blast("--retry-ms", 1, "--connect-timeout-ms", 4, "--no-send", "--prefixes", 1, "--reconnect", "--give-up", 400, "--md5", KEY)
        tools.append(b)
        b.wait("start")
        time.sleep(0.1)
        dut.start()
        dut.snapshot_pids()
        up = b.wait("established", timeout=60)
        cold = {"start_s": seconds(up["t_ns"] - dut.t_start), "connect_s": seconds(up["t_ns"] - up["conn_ns"])}
        noise = Foreign(dut, b)

        def again(how, timeout=90):
            time.sleep(2)
            begun = mono()  # before the command: the tool may be quicker than we
            b.cmd(how)
            gone = b.wait(how, after=begun)["t_ns"]
            up = b.wait("established", timeout, after=gone + 1)
            return seconds(up["t_ns"] - gone), seconds(up["t_ns"] - up["conn_ns"])

        cold["after_rst_s"], cold["after_notify_s"] = again("rst")[0], again("notify")[0]
        dut.wait_idle(1.0)
        warm = {"correct": True}
        try:
            warm["after_rst_s"], warm["connect_s"] = again("rst", DAMPED_S)
            warm["after_notify_s"] = again("notify", DAMPED_S)[0]
        except LabError as e:
            print(f"{dut.name}: not back after it was lost again, damped: {e}", file=sys.stderr)
        noise = noise.result()
        rss, command = round(dut.rss(), 1), command_of(dut)
        dut.stop()
        stopped = mono()
        dut.start()
        up = b.wait("established", timeout=90, after=stopped)
        cold["restart_s"] = seconds(up["t_ns"] - dut.t_start)
        return {"cold": {**cold, "rss_mb": rss, "correct": True}, "warm": warm, "command": command, "noise": noise}
    finally:
        for t in tools:
            t.stop()
        dut.cleanup()


def command_of(dut):
    """How the daemon's first process was started."""
    with open(f"/proc/{dut.pids()[0]}/cmdline") as f:
        return f.read().replace("\0", " ").strip()


class BothFamilies(Dut):
    """A daemon whose sessions are for IPv4 and IPv6 unicast; the lab's adapters configure IPv4 alone, so what they write is completed."""

    def __init__(self, name, peers):
        super().__init__(name, peers)
        if name not in FAMILIES:
            raise LabError(f"{name}: how to configure IPv6 is not known here")

    def start(self, timeout=60):
        ip = ("ip", "netns", "exec", DUT_NS)
        subprocess.run([*ip, "sh", "-c", "echo 0 > /proc/sys/net/ipv6/conf/vdut/disable_ipv6"], check=True)
        subprocess.run([*ip, "ip", "addr", "replace", DUT_ADDR6 + "/64", "dev", "vdut", "nodad"], check=True)
        return super().start(timeout)

    def _call(self, what, wrap=()):
        out = super()._call(what, wrap)
        if what == "config":
            path = self.dir + "/native.conf"
            with open(path) as f:
                text = f.read()
            with open(path, "w") as f:
                f.write(FAMILIES[self.name](text))
        return out

    def cleanup(self):
        super().cleanup()
        subprocess.run(["ip", "netns", "exec", DUT_NS, "ip", "addr", "del", DUT_ADDR6 + "/64", "dev", "vdut"], check=False)


def frr_families(text):
    def both(block):
        v6 = block.group(0).replace("ipv4 unicast", "ipv6 unicast").replace(" exit-address-family", "")
        if "DENY out" not in v6:
            v6 += re.search(r" neighbor \S+ ", v6).group(0) + "route-map HOP6 out\n"
        return block.group(0) + "\n" + v6 + " exit-address-family"

    hop = f"route-map HOP6 permit 10\n set ipv6 next-hop global {DUT_ADDR6}\nexit\n"
    return re.sub(r" address-family ipv4 unicast\n.*? exit-address-family", both, text, flags=re.S).replace("bgp route-map", hop + "bgp route-map", 1)


FAMILIES = {
    "popbgp": lambda t: re.sub(r"(    address: .*\n)", rf"\1    families: [ipv4-unicast, ipv6-unicast]\n    next-hops: {{ipv6: '{DUT_ADDR6}'}}\n", t),
    "bird2": lambda t: re.sub(r"  ipv4 (\{\n.*?)(  \};\n)", rf"  ipv4 \1\2  ipv6 \1    next hop address {DUT_ADDR6};\n\2", t, flags=re.S),
    "frr": frr_families,
    "openbgpd": lambda t: t.replace("  announce IPv4 unicast\n", "  announce IPv4 unicast\n  announce IPv6 unicast\n"),
    "gobgp": lambda t: re.sub(r'(  \[\[neighbors\.afi-safis\]\].*?)ipv4-unicast"\n', r'\1ipv4-unicast"\n\1ipv6-unicast"\n', t, flags=re.S),
}

SCENARIOS = {
    "load": (load, lambda a: [Peer(0, "in"), Peer(0, "out")]),
    "multi": (multi, lambda a: [Peer(i, "in") for i in range(a.senders)] + [Peer(0, "out")]),
    "fanout": (fanout, lambda a: [Peer(0, "in")] + [Peer(i, "out") for i in range(a.receivers)]),
    "failover": (failover, lambda a: [Peer(0, "in", metric=90), Peer(1, "in", metric=100), Peer(0, "out")]),
    "churn": (churn, lambda a: [Peer(0, "in"), Peer(0, "out")]),
    "flood": (flood, lambda a: [Peer(0, "in"), Peer(0, "out")]),
    "real": (real, lambda a: [Peer(0, "in"), Peer(0, "out")]),
    "bringup": (None, None),
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
    ap.add_argument("--file", help="real: what realblast has encoded")


def main():
    if len(sys.argv) < 2 or sys.argv[1] not in SCENARIOS:
        sys.exit(f"usage: rounds.py {'|'.join(SCENARIOS)} DUT [options]")
    name = sys.argv.pop(1)
    scenario, peers_of = SCENARIOS[name]
    if os.environ.get("POPBGP_LAB_NOISE"):
        lablib.MAX_NOISY = 0                            # take what comes: for trying, not for measuring

    def run(a):
        if name == "bringup":
            return bringup(a)
        dut = (BothFamilies if name == "real" else Dut)(a.dut, peers_of(a))
        rounds = []
        try:
            dut.start(120)
            dut.snapshot_pids()
            for i in range(a.rounds):
                if i:
                    dut.wait_idle(1.0)
                tools = []
                try:
                    rounds.append(scenario(dut, a, tools))
                finally:
                    for t in tools:
                        t.stop()
            noise = [r.pop("noise") for r in rounds]
            return {"cold": rounds[0], "warm": rounds[1] if len(rounds) > 1 else None, "command": command_of(dut),
                    "each_t_s": {str(i + 1): r["t_s"] for i, r in enumerate(rounds)},
                    "noise": {k: sum(n[k] for n in noise) for k in noise[0]}}
        finally:
            dut.cleanup()

    run.__doc__ = __doc__
    return lablib.main(name, run, args, reps=1)


if __name__ == "__main__":
    sys.exit(main())
