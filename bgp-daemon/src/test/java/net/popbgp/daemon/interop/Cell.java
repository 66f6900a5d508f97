package net.popbgp.daemon.interop;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.pollinterval.IterativePollInterval;
import org.awaitility.pollinterval.PollInterval;
import org.jspecify.annotations.Nullable;

/**
 * One field of the table: a foreign daemon on a host of its own, joined to PopBGP's by a link of its own, with one session between them.
 * Ours are 10.N.0.0/16 and 2001:db8:N::/48, theirs 20.N.0.0/16 and 2001:db8:1NNN::/48, N being the number of the cell; from 256 on 11.0.0.0/8
 * and 21.0.0.0/8.
 *
 * <p>A test sets what differs from a plain session, calls {@link #start}, and plays. For one thread.
 */
final class Cell implements Scene {

    /** How long something may take that should be there at once, on a busy machine and with a slow daemon's timers. */
    static final Duration PATIENCE = Duration.ofSeconds(40);

    static final long THEIR_AS = 4_200_000_100L;

    /** What 100,000 routes may take on such a machine. */
    static final Duration PATIENCE_FOR_MANY = Duration.ofMinutes(3);

    /** To ask a daemon is to start a program: a dozen tests at once that always asked soon again would do little else. */
    private static final PollInterval POLL = IterativePollInterval.iterative(
            last -> last.compareTo(Duration.ofSeconds(1)) > 0
                    ? last
                    : last.multipliedBy(3).dividedBy(2),
            Duration.ofMillis(200));

    private static final String BRIDGE = "lan";
    private static final String THEIR_MAC = "02:00:00:00:00:02";
    private static final int MAX_CELLS = 1000;
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    final Kind kind;
    final Direction direction;
    final Foreign foreign;
    final LabSession session;
    private final int number = NUMBERS.incrementAndGet();
    private final Host host;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final List<Feeder> feeders = new ArrayList<>();
    private final Path folder;
    private @Nullable Pop pop;
    private boolean ownPop;
    private boolean joined;

    Cell(Kind kind, Direction direction) throws IOException, InterruptedException {
        this.kind = kind;
        this.direction = direction;
        folder = Lab.get().folder(kind.name());
        host = Lab.get().host();
        foreign = kind.create(host, folder, theirs());
        session = new LabSession("pop", theirs(), THEIR_AS, ours(), Pop.AS);
        session.passive = direction == Direction.WE_CONNECT;
        foreign.sessions.add(session);
    }

    // ---- addresses

    String ours() {
        return address(1);
    }

    String theirs() {
        return address(2);
    }

    /** {@return an address of the link: 1 is ours, 2 theirs, 3 and up of other speakers on their network} */
    String address(int hostNumber) {
        return "198." + (18 + (number >> 8)) + "." + (number & 0xFF) + "." + hostNumber;
    }

    String ours6() {
        return address6(1);
    }

    String theirs6() {
        return address6(2);
    }

    private String address6(int hostNumber) {
        return "2001:db8:ffff:" + Integer.toHexString(number) + "::" + hostNumber;
    }

    /** {@return the first two octets of this cell's prefixes: each 256 cells have a first octet of their own} */
    private String network(int firstOctet) {
        return firstOctet + (number >> 8) + "." + (number & 0xFF) + ".";
    }

    /** {@return the i-th of our prefixes} */
    String ourPrefix(int i) {
        return network(10) + i + ".0/24";
    }

    String theirPrefix(int i) {
        return network(20) + i + ".0/24";
    }

    /** {@return the i-th of our host addresses, as a prefix} */
    String ourHost(int i) {
        return network(10) + (i >>> 8) + "." + (i & 0xFF) + "/32";
    }

    String theirHost(int i) {
        return network(20) + (i >>> 8) + "." + (i & 0xFF) + "/32";
    }

    String ourPrefix6(int i) {
        return "2001:db8:" + Integer.toHexString(number) + (i == 0 ? "" : ":" + Integer.toHexString(i)) + "::/64";
    }

    String theirPrefix6(int i) {
        return "2001:db8:" + Integer.toHexString(0x1000 + number) + (i == 0 ? "" : ":" + Integer.toHexString(i))
                + "::/64";
    }

    private String link() {
        return "c" + number;
    }

    // ---- what is set before the start

    /** Sets a key of our peer, in YAML. */
    Cell set(String key, String value) {
        settings.put(key, value);
        return this;
    }

    /** Sets our MD5 key. */
    Cell key(String key) throws IOException {
        return set("md5-key", "{file: " + Files.writeString(Files.createTempFile(folder, "md5", ".key"), key) + "}");
    }

    /** Gives this cell a PopBGP of its own, with these lines at the top level of its configuration. */
    Cell ownPop(String global) throws IOException, InterruptedException {
        pop = Pop.with(global);
        ownPop = true;
        return this;
    }

    /** The same, as the program itself, which ends on SIGTERM. */
    Cell ownProgram(String global) throws IOException, InterruptedException {
        pop = Pop.program(global);
        ownPop = true;
        return this;
    }

    /** Makes the session one over IPv6. */
    Cell overIpv6() {
        session.local = theirs6();
        session.remote = ours6();
        session.families = List.of(LabSession.IPV6);
        return this;
    }

    /** Both families on the session. */
    Cell bothFamilies() {
        session.families = List.of(LabSession.IPV4, LabSession.IPV6);
        set("families", "[ipv4-unicast, ipv6-unicast]");
        boolean ipv6 = session.local.contains(":");
        session.otherNextHop = ipv6 ? theirs() : theirs6();
        return set("next-hops", ipv6 ? "{ipv4: " + ours() + "}" : "{ipv6: \"" + ours6() + "\"}");
    }

    /** Makes the session internal. */
    Cell internal() {
        session.localAs = Pop.AS;
        return this;
    }

    /** {@return a third speaker, on a host of its own; started and ended with this cell} */
    Feeder feeder() throws IOException, InterruptedException {
        Feeder feeder = new Feeder(this, feederFolder(), feederNumber());
        feeders.add(feeder);
        return feeder;
    }

    /** {@return a third speaker that announces this UPDATE} */
    RawFeeder rawFeeder(byte[] update) throws IOException, InterruptedException {
        RawFeeder feeder = new RawFeeder(this, feederFolder(), feederNumber(), update);
        feeders.add(feeder);
        return feeder;
    }

    private Path feederFolder() {
        return folder.resolve("feeder" + feeders.size());
    }

    private int feederNumber() {
        return 3 + feeders.size();
    }

    // ---- the play

    Pop pop() throws IOException, InterruptedException {
        if (pop == null) {
            pop = Pop.shared();
        }
        return pop;
    }

    /** Joins the hosts, starts the foreign daemon, and gives PopBGP the peer. */
    Cell start() throws IOException, InterruptedException {
        join();
        foreign.start();
        for (Feeder feeder : feeders) {
            feeder.start();
        }
        startOurs();
        return this;
    }

    /** Joins the hosts and starts nothing on the foreign one. */
    void join() throws IOException, InterruptedException {
        if (joined) {
            return;
        }
        joined = true;
        String link = link();
        Lab.get().join(pop().host(), host, number);
        pop().host().address(link, ours() + "/24", ours6() + "/64");
        if (feeders.isEmpty()) {
            host.address(link, theirs() + "/24", theirs6() + "/64");
            return;
        }
        host.ip("link", "add", BRIDGE, "type", "bridge");
        host.ip("link", "set", link, "master", BRIDGE);
        host.ip("link", "set", link, "up");
        host.address(BRIDGE, theirs() + "/24", theirs6() + "/64");
        for (int i = 0; i < feeders.size(); i++) {
            feeders.get(i).join(host, BRIDGE, (i + 1) * MAX_CELLS + number);
        }
    }

    /**
     * Starts ours with nobody there, and keeps the connection that it tries from being completed until {@link #releaseOurConnection}; one that
     * they make meets no hindrance.
     */
    void startOursAndHoldItsConnection() throws IOException, InterruptedException {
        join();
        // Without an answer to ARP our kernel would give up at once.
        host.ip("link", "set", link(), "address", THEIR_MAC);
        pop().host().ip("neigh", "replace", theirs(), "lladdr", THEIR_MAC, "dev", link());
        host.ip("route", "add", "blackhole", ours() + "/32"); // nor may it be refused
        startOurs();
        until("we connect", () -> peer().path("state").asText().equals("Connect"));
        pop().host().ip(ourConnection("add"));
        host.ip("route", "del", "blackhole", ours() + "/32");
    }

    /** Lets our kernel complete the connection, when it tries again next. */
    void releaseOurConnection() throws IOException, InterruptedException {
        pop().host().ip(ourConnection("del"));
    }

    private String[] ourConnection(String action) {
        return new String[] {"rule", action, "to", theirs(), "ipproto", "tcp", "dport", "179", "blackhole"};
    }

    /** {@return how many TCP connections our kernel has with their host, taken by us or not} */
    int connections() throws IOException, InterruptedException {
        return pop().host().connections(theirs());
    }

    /** Captures what goes over the link from now on; to be called when all is set. */
    Capture capture() throws IOException, InterruptedException {
        join();
        return Capture.start(host, feeders.isEmpty() ? link() : BRIDGE, ours(), folder);
    }

    /** Gives PopBGP the peer, or its changes; starts a PopBGP of the cell's own. */
    void startOurs() throws IOException, InterruptedException {
        pop().add(this);
        if (ownPop) {
            pop().start();
        }
    }

    /** Takes over what has been changed in our settings. */
    void reloadOurs() throws IOException, InterruptedException {
        pop().add(this);
    }

    /** {@return our peer's name} */
    String peerName() {
        return "peer-" + number;
    }

    String policy() {
        return "  cell-" + number + ":\n    - {name: own, match: {prefix-list: [" + network(10) + "0.0/16 le 32, "
                + network(20) + "0.0/16 le 32, \"2001:db8:" + Integer.toHexString(number)
                + "::/48 le 128\", \"2001:db8:"
                + Integer.toHexString(0x1000 + number) + "::/48 le 128\"]}, then: accept}\n";
    }

    String peers() {
        StringBuilder text = new StringBuilder();
        Map<String, String> all = new LinkedHashMap<>(settings);
        all.putIfAbsent("passive", String.valueOf(direction == Direction.THEY_CONNECT));
        text.append(peer(peerName(), session.local, session.remote, session.localAs, all));
        feeders.forEach(each -> text.append(each.peer()));
        return text.toString();
    }

    /** {@return an entry of our list of peers} */
    String peer(String name, String address, String local, long as, Map<String, String> others) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("name", name);
        all.put("address", "\"" + address + "\"");
        all.put("remote-as", String.valueOf(as));
        all.put("local-address", "\"" + local + "\"");
        all.put("hold-time", "9s");
        all.put("connect-retry-time", "1s");
        all.put("idle-hold-time", "200ms");
        all.put("max-idle-hold-time", "1s");
        all.put("import-policy", "accept-all");
        all.put("export-policy", "cell-" + number);
        all.putAll(others);
        StringBuilder text = new StringBuilder();
        all.forEach((key, value) -> text.append(text.isEmpty() ? "  - " : "    ")
                .append(key)
                .append(": ")
                .append(value)
                .append('\n'));
        return text.toString();
    }

    JsonNode peer() throws IOException, InterruptedException {
        return pop().get("/peers/" + peerName());
    }

    /** {@return a count of prefixes with the peer: received, advertised, ...} */
    int count(String family, String what) throws IOException, InterruptedException {
        return peer().path("prefixes").path(family).path(what).asInt();
    }

    void operate(String action, String json) throws IOException, InterruptedException {
        pop().post("/peers/" + peerName() + "/" + action, json);
    }

    void announce(LabRoute... routes) throws IOException, InterruptedException {
        for (LabRoute route : routes) {
            pop().announce(List.of(route));
        }
    }

    /** {@return the paths to a prefix that we have from the foreign daemon} */
    List<LabRoute> received(String prefix) throws IOException, InterruptedException {
        return pop().received(peerName(), prefix);
    }

    // ---- conditions

    void untilUp() {
        until("both say Established", () -> isUp() && foreign.isUp(session));
    }

    boolean isUp() throws IOException, InterruptedException {
        return peer().path("state").asText().equals("Established");
    }

    void untilDown() {
        until("we say not Established", () -> !isUp());
    }

    /** Waits until we hold a path to the prefix that is this one. */
    void untilReceived(LabRoute said) {
        LabRoute expected = foreign.announced(said);
        untilEqual("our path to " + expected.prefix(), List.of(expected), () -> received(expected.prefix()));
    }

    /** Waits until the foreign daemon holds just this path of ours. */
    void untilTheyHave(LabRoute expected) {
        untilEqual(
                kind.title + "'s path to " + expected.prefix(),
                List.of(expected),
                () -> foreign.paths(session, expected.prefix()));
    }

    /** Waits until a value is as expected; if it never is, the difference is told. */
    static <T> void untilEqual(String what, T expected, Callable<T> actual) {
        untilEqual(what, PATIENCE, expected, actual);
    }

    static void until(String what, Callable<Boolean> condition) {
        until(what, PATIENCE, condition);
    }

    static void until(String what, Duration patience, Callable<Boolean> condition) {
        untilEqual(what, patience, true, condition);
    }

    /** A question may fail, as long as a later one does not; what the last one failed with is told with the timeout. */
    private static <T> void untilEqual(String what, Duration patience, T expected, Callable<T> actual) {
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        Callable<T> asked = () -> {
            try {
                T answer = actual.call();
                failure.set(null);
                return answer;
            } catch (Exception e) {
                failure.set(e);
                throw e;
            }
        };
        try {
            await(what)
                    .atMost(patience)
                    .pollInterval(POLL)
                    .pollDelay(Duration.ZERO)
                    .ignoreExceptions()
                    .until(asked, org.hamcrest.Matchers.equalTo(expected));
        } catch (ConditionTimeoutException e) {
            Exception last = failure.get();
            if (last != null) {
                e.addSuppressed(last);
            }
            throw e;
        }
    }

    @Override
    public String report() {
        StringBuilder text = new StringBuilder("---- " + kind + ", " + direction.title + "\n");
        try {
            if (ownPop) {
                pop().failed();
                pop().thaw(); // or it would not answer
            }
            text.append(Files.readString(foreign.configurationFile())
                            .lines()
                            .limit(80)
                            .collect(java.util.stream.Collectors.joining("\n")))
                    .append('\n')
                    .append(foreign.report());
            text.append("\n---- PopBGP's log\n")
                    .append(tail(Files.readString(pop().log())
                            .lines()
                            .filter(line -> ownPop || line.contains(peerName()))
                            .collect(java.util.stream.Collectors.joining("\n"))));
            text.append("\n---- its peer\n").append(peer().toPrettyString());
        } catch (IOException e) {
            text.append(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return text.toString();
    }

    /** {@return the last lines of a log} */
    static String tail(String text) {
        List<String> lines = text.lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    }

    @Override
    public void close() throws IOException {
        try (host) {
            for (Feeder feeder : feeders) {
                feeder.close();
            }
            if (pop != null && ownPop) {
                pop.close();
            } else if (pop != null) {
                pop.remove(this);
            }
        }
    }
}
