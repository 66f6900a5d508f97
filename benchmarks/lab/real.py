#!/usr/bin/env python3
"""Sends a table of real prefixes, IPv4 and IPv6, with generated attributes; in a copy of the lab it is the tool bin/realblast.

    real.py --encode DIR --as N --source ADDR --file OUT    reads DIR/prefix-origin-v4.tsv.gz and -v6.tsv.gz (prefix, origin AS), encodes
    realblast --connect ADDR:PORT --source ADDR --as N --file OUT --control     the sender; events and commands are those of bgpblast

All UPDATEs are encoded beforehand, so that sending is a few system calls. Prefixes of one origin share an attribute set in groups as
bgpblast draws them; the AS_PATH ends with the real origin. IPv6 prefixes longer than /56 are left out: the receiver does not tell them apart.
"""
import argparse, gzip, ipaddress, json, os, random, select, signal, socket, struct, sys, time

MASK = (1 << 64) - 1
LONGEST_IPV6 = 56
MESSAGE = 4096
PATIENCE_S = 60
IPV4_UNICAST, IPV6_UNICAST = struct.pack("!BBHBB", 1, 4, 1, 0, 1), struct.pack("!BBHBB", 1, 4, 2, 0, 1)


def mix64(x):
    x = x + 0x9E3779B97F4A7C15 & MASK
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9 & MASK
    x = (x ^ x >> 27) * 0x94D049BB133111EB & MASK
    return x ^ x >> 31


def mark(kind, value):
    """A term of the receiver's fingerprint of an attribute set."""
    return mix64(value * 8 + kind & MASK) >> 16 & 0xFFFFFFFF


def message(kind, body):
    return b"\xff" * 16 + struct.pack("!HB", 19 + len(body), kind) + body


def attribute(flags, kind, value):
    if len(value) > 255:
        return struct.pack("!BBH", flags | 0x10, kind, len(value)) + value
    return struct.pack("!BBB", flags, kind, len(value)) + value


class Attributes:
    """One attribute set, and its fingerprint: ORIGIN, AS_PATH, communities, as the receiver adds them up."""

    def __init__(self, draw, own_as, origin_as, next_hop):
        origin = 0 if draw.random() < 0.85 else 2
        path = [own_as] + [draw.choice(TRANSIT) for _ in range(draw.choice((0, 1, 1, 1, 2, 2, 3, 4)))]
        path += [origin_as] * (1 if draw.random() < 0.92 else draw.randint(2, 4))
        self.print = mark(1, origin) + sum(mark(2, asn << 8 | i) for i, asn in enumerate(path))
        octets = attribute(0x40, 1, bytes([origin])) + attribute(0x40, 2, struct.pack(f"!BB{len(path)}I", 2, len(path), *path))
        octets += next_hop
        if draw.random() < 0.4:
            octets += attribute(0x80, 4, struct.pack("!I", draw.randrange(500)))
        if draw.random() < 0.6:
            high, low = draw.randrange(1000, 61000), draw.randrange(1000)
            communities = [high << 16 | low + i * 7 for i in range(draw.randint(1, 8))]
            octets += attribute(0xC0, 8, struct.pack(f"!{len(communities)}I", *communities))
            self.print += sum(mark(3, c) for c in communities)
        self.octets, self.print = octets, self.print & 0xFFFFFFFF


TRANSIT = random.Random(7).sample(range(1000, 64000), 60)


def group_size(draw):
    chance = draw.random()
    mean, n = 2 if chance < 0.7 else 11 if chance < 0.95 else 56, 1
    while n < 500 and draw.random() >= 1 / mean:
        n += 1
    return n


def prefixes(path, version, every):
    """By origin AS, in the file's order: octets on the wire, and the receiver's key."""
    origins, seen = {}, set()
    with gzip.open(path, "rt") as f:
        for i, line in enumerate(f):
            if i % every:
                continue
            text, origin = line.split()
            address, length = text.split("/")
            length = int(length)
            if version == 6 and length > LONGEST_IPV6:
                continue
            octets = socket.inet_pton(socket.AF_INET6 if version == 6 else socket.AF_INET, address)
            key = int.from_bytes(octets[:8], "big") & ~0xFF | length | 1 << 63 if version == 6 else int.from_bytes(octets, "big") << 8 | length
            if key not in seen:
                seen.add(key)
                origins.setdefault(int(origin), []).append((bytes([length]) + octets[:(length + 7) // 8], key))
    return origins, len(seen)


def encode(folder, own_as, source, out, every):
    draw = random.Random(20261)
    hop4 = socket.inet_aton(source)
    hop6 = b"\xfd" + bytes(11) + hop4
    stream, digest, sizes, sets = [], 0, {}, 0
    for version in (4, 6):
        origins, sizes[version] = prefixes(os.path.join(folder, f"prefix-origin-v{version}.tsv.gz"), version, every)
        groups = []
        for origin, found in origins.items():
            at = 0
            while at < len(found):
                size = group_size(draw)
                groups.append((origin, found[at:at + size]))
                at += size
        draw.shuffle(groups)
        for origin, found in groups:
            attributes = Attributes(draw, own_as, origin, attribute(0x40, 3, hop4) if version == 4 else b"")
            sets += 1
            whirl = mix64(attributes.print)
            digest += sum(mix64(key ^ whirl) for _, key in found)
            for nlri in portions((octets for octets, _ in found), MESSAGE - 19 - 4 - 30 - len(attributes.octets)):
                if version == 4:
                    body = bytes(2) + struct.pack("!H", len(attributes.octets)) + attributes.octets + nlri
                else:
                    reach = struct.pack("!HBB", 2, 1, 16) + hop6 + b"\0" + nlri
                    with_reach = attribute(0x80, 14, reach) + attributes.octets
                    body = bytes(2) + struct.pack("!H", len(with_reach)) + with_reach
                stream.append(message(2, body))
    updates = len(stream)
    octets = b"".join(stream)
    ends = message(2, bytes(4)) + message(2, bytes(2) + struct.pack("!H", 6) + struct.pack("!BBBHB", 0x80, 15, 3, 2, 1))
    head = {"prefixes": sizes[4] + sizes[6], "ipv4": sizes[4], "ipv6": sizes[6], "sets": sets, "updates": updates, "octets": len(octets),
            "digest": f"{digest & MASK:016x}"}
    with open(out + ".new", "wb") as f:
        f.write(json.dumps(head).encode() + b"\n" + octets + ends)
    os.rename(out + ".new", out)
    return head


def portions(octets, room):
    portion = bytearray()
    for each in octets:
        if len(portion) + len(each) > room:
            yield bytes(portion)
            portion.clear()
        portion += each
    yield bytes(portion)


class Sender:
    """One session: opens it, sends what was encoded on the command `send`, keeps it alive, discards what it gets."""

    def __init__(self, a):
        self.a, self.established, self.kept, self.rest, self.pending = a, False, 0.0, b"", memoryview(b"")
        self.deadline = time.monotonic() + PATIENCE_S
        with open(a.file, "rb") as f:
            self.head = json.loads(f.readline())
            self.table = f.read()

    def event(self, name, at=None, **fields):
        print(json.dumps({"ev": name, "t_ns": at or time.clock_gettime_ns(time.CLOCK_MONOTONIC), "s": 0, **fields}), flush=True)

    def connect(self):
        """Connects and opens the session, again and again while the daemon does not want to."""
        host, port = self.a.connect.rsplit(":", 1)
        capabilities = IPV4_UNICAST + IPV6_UNICAST + struct.pack("!BBBBI", 2, 0, 65, 4, self.a.own_as)
        own_as = self.a.own_as if self.a.own_as < 65536 else 23456
        opening = message(1, struct.pack("!BHH", 4, own_as, 90) + socket.inet_aton(self.a.source)
                          + struct.pack("!BBB", len(capabilities) + 2, 2, len(capabilities)) + capabilities)
        while True:
            s = socket.socket()
            s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            s.bind((self.a.source, 0))
            try:
                s.connect((host, int(port)))
                s.sendall(opening)
                s.setblocking(False)
                self.socket, self.rest = s, b""
                return
            except OSError:
                s.close()
                if time.monotonic() > self.deadline:
                    raise
                time.sleep(0.05)

    def run(self):
        self.event("start", **self.head)
        self.connect()
        while True:
            ready = select.select([self.socket, sys.stdin], [self.socket] if self.pending else [], [], 1)
            if self.socket in ready[0] and not self.receive():
                return 1
            if sys.stdin in ready[0]:
                words = os.read(0, 4096).decode().split()
                if not words or not all([self.command(word) for word in words]):
                    return 0
            if ready[1]:
                self.push()
            elif not self.pending and self.established and time.monotonic() - self.kept > 20:
                self.kept = time.monotonic()
                self.pending = memoryview(message(4, b""))
                self.push()

    def receive(self):
        try:
            got = self.socket.recv(1 << 17)
        except ConnectionError:
            got = b""
        if not got:
            self.event("closed", why="peer closed", was_up=self.established)
            self.socket.close()
            if self.established or time.monotonic() > self.deadline:
                return False
            time.sleep(0.05)
            self.connect()
        self.rest += got
        while len(self.rest) >= 19:
            length, kind = struct.unpack_from("!HB", self.rest, 16)
            if len(self.rest) < length:
                break
            body, self.rest = self.rest[19:length], self.rest[length:]
            if kind == 3:
                self.event("notification", code=body[0], subcode=body[1])
            elif kind == 1:
                self.socket.sendall(message(4, b""))
            elif kind == 4 and not self.established:
                self.established, self.kept = True, time.monotonic()
                self.event("established")
                self.event("all_established")
        return True

    def command(self, word):
        if word == "send":
            at = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
            self.pending = memoryview(self.table)
            self.push()
            self.event("first_byte", at)
        elif word == "digest":
            self.event("digest", reachable=self.head["prefixes"], digest=self.head["digest"])
        return word != "quit"

    def push(self):
        while self.pending:
            try:
                self.pending = self.pending[self.socket.send(self.pending[:1 << 18]):]
            except BlockingIOError:
                return


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--encode", metavar="DIR")
    ap.add_argument("--every", type=int, default=1, help="encode each so-manyth prefix")
    ap.add_argument("--connect")
    ap.add_argument("--source", required=True)
    ap.add_argument("--as", dest="own_as", type=int, required=True)
    ap.add_argument("--file", required=True)
    ap.add_argument("--control", action="store_true", help="as always: commands are read from stdin")
    a = ap.parse_args()
    if a.encode:
        print(json.dumps(encode(a.encode, a.own_as, a.source, a.file, a.every)))
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    return Sender(a).run()


if __name__ == "__main__":
    sys.exit(main())
