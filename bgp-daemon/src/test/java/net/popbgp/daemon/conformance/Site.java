package net.popbgp.daemon.conformance;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * One test's part of a {@link DaemonUnderTest}: peers at addresses of its own, with policies that let pass its own prefixes only, so that
 * tests do not see each other's routes. Closing ends its connections and removes its peers.
 *
 * <p>Used by one thread.
 */
final class Site implements AutoCloseable {

    private final DaemonUnderTest daemon;
    private final int number;
    private final Map<Who, Map<String, String>> peers = new EnumMap<>(Who.class);
    private final List<String> aggregates = new ArrayList<>();
    private final List<Closeable> open = new ArrayList<>();
    private boolean started;

    Site(DaemonUnderTest daemon, int number) {
        this.daemon = daemon;
        this.number = number;
    }

    // ---- before the start

    /** Adds a peer: passive, quick to start again, all of the site's prefixes in and out, and with these {@code key: value} settings. */
    Site peer(Who who, String... settings) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("name", name(who));
        all.put("address", address(who));
        all.put("remote-as", Long.toString(who.as()));
        all.put("passive", "true");
        all.put("connect-retry-time", "500ms");
        all.put("idle-hold-time", "50ms");
        all.put("max-idle-hold-time", "200ms");
        all.put("import-policy", "site-" + number);
        all.put("export-policy", "site-" + number);
        for (String setting : settings) {
            int colon = setting.indexOf(':');
            all.put(setting.substring(0, colon), setting.substring(colon + 1).strip());
        }
        peers.put(who, all);
        return this;
    }

    /** Takes a peer away; {@link #start} tells the daemon. */
    Site without(Who who) {
        peers.remove(who);
        return this;
    }

    /** Takes settings from a peer, so that the daemon's defaults count. */
    Site unset(Who who, String... keys) {
        peers.getOrDefault(who, new LinkedHashMap<>()).keySet().removeAll(List.of(keys));
        return this;
    }

    /** Adds an aggregate of the site's prefixes, without settings of its own. */
    Site aggregate(String prefix) {
        aggregates.add("  - {prefix: " + prefix + "}\n");
        return this;
    }

    /** Makes the daemon take the site in and waits until it accepts the enabled peers; again, with changed peers, for a reload. */
    Site start() throws IOException, InterruptedException {
        daemon.add(this);
        if (!started) {
            started = true;
            for (Map.Entry<Who, Map<String, String>> peer : peers.entrySet()) {
                if (!"false".equals(peer.getValue().get("enabled"))) {
                    untilStatus(
                            peer.getKey(),
                            "start",
                            status -> !status.path("state").asText().equals("Idle"));
                }
            }
        }
        return this;
    }

    String policies() {
        return "  site-" + number + ":\n    - {name: own, match: {prefix-list: [\"" + ipv4Range() + " le 32\", \""
                + ipv6Range() + " le 128\"]}, then: accept}\n";
    }

    String aggregates() {
        return String.join("", aggregates);
    }

    String peers() {
        StringBuilder text = new StringBuilder();
        peers.values().forEach(settings -> {
            String indent = "  - ";
            for (Map.Entry<String, String> setting : settings.entrySet()) {
                text.append(indent)
                        .append(setting.getKey())
                        .append(": ")
                        .append(setting.getValue())
                        .append('\n');
                indent = "    ";
            }
        });
        return text.toString();
    }

    // ---- names and numbers

    DaemonUnderTest daemon() {
        return daemon;
    }

    String name(Who who) {
        return "s" + number + "-" + who.name().toLowerCase(java.util.Locale.ROOT);
    }

    String address(Who who) {
        return net() + who.host();
    }

    /** {@return the daemon's own address} */
    String daemonAddress() {
        return DaemonUnderTest.ADDRESS;
    }

    /** {@return an address on the site that no peer is configured for} */
    String strangerAddress() {
        return net() + "200";
    }

    private String net() {
        return "127." + (100 + number / 250) + "." + (1 + number % 250) + ".";
    }

    private String ipv4Range() {
        return (10 + number / 256) + "." + number % 256 + ".0.0/16";
    }

    private String ipv6Range() {
        return "2001:db8:" + Integer.toHexString(number) + "::/48";
    }

    /** {@return the site's n-th /24, n 0..255} */
    String prefix(int n) {
        return (10 + number / 256) + "." + number % 256 + "." + n + ".0/24";
    }

    /** {@return the site's n-th IPv6 /64, as {@link InetAddress} writes it} */
    String prefix6(int n) {
        return "2001:db8:" + Integer.toHexString(number) + ":" + Integer.toHexString(n) + ":0:0:0:0/64";
    }

    /** {@return a good OPEN of this part} */
    Open open(Who who) {
        return Open.of(who.as(), who.identifier());
    }

    /** {@return good attributes: ORIGIN, the AS of an external part in front, itself as next hop} */
    Attributes attributes(Who who, long... further) {
        boolean internal = who.as() == DaemonUnderTest.AS;
        long[] path = new long[further.length + (internal ? 0 : 1)];
        System.arraycopy(further, 0, path, path.length - further.length, further.length);
        if (!internal) {
            path[0] = who.as();
        }
        Attributes attributes = Attributes.base(address(who), path);
        return internal ? attributes.localPref(100) : attributes;
    }

    // ---- connections

    /** {@return a TCP connection made by this part, nothing sent yet} */
    TesterPeer connect(Who who) throws IOException {
        return connect(who, false);
    }

    TesterPeer connect(Who who, boolean pathIdentifiers) throws IOException {
        return keep(TesterPeer.connect(name(who), address(who), daemon.listensAt(), pathIdentifiers));
    }

    /** {@return a connection from an address of this part's with a small receive buffer, in octets} */
    TesterPeer connect(Who who, int receiveBuffer) throws IOException {
        return keep(TesterPeer.connect(name(who), address(who), daemon.listensAt(), receiveBuffer));
    }

    TesterPeer connectFrom(String address) throws IOException {
        return keep(TesterPeer.connect(address, address, daemon.listensAt(), false));
    }

    /** {@return an Established session of this part; tried again while the daemon is not ready for it} */
    TesterPeer up(Who who) throws IOException, InterruptedException {
        return up(who, open(who), false);
    }

    TesterPeer up(Who who, Open openMessage) throws IOException, InterruptedException {
        return up(who, openMessage, false);
    }

    TesterPeer up(Who who, Open openMessage, boolean pathIdentifiers) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TesterPeer.SOON.toNanos();
        while (true) {
            TesterPeer peer = connect(who, pathIdentifiers);
            try {
                peer.establish(openMessage.toArray());
                untilState(who, "Established");
                return peer;
            } catch (AssertionError | IOException e) {
                // A peer that waits after the last loss closes the connection at once.
                peer.close();
                if (System.nanoTime() > deadline
                        || !peer.messages(Messages.NOTIFICATION).isEmpty()) {
                    throw e;
                }
            }
        }
    }

    /** {@return a socket that listens at the part's address, for a peer that the daemon dials; its port goes into the settings} */
    ServerSocket listen(Who who) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.bind(new InetSocketAddress(InetAddress.getByName(address(who)), 0));
        socket.setSoTimeout((int) TesterPeer.SOON.toMillis());
        open.add(socket);
        return socket;
    }

    /** Waits for the daemon's connection. {@return it} */
    TesterPeer accept(Who who, ServerSocket socket) throws IOException {
        return keep(TesterPeer.accepted(name(who), socket.accept(), false));
    }

    private TesterPeer keep(TesterPeer peer) {
        open.add(peer);
        return peer;
    }

    // ---- the operator

    JsonNode status(Who who) throws IOException, InterruptedException {
        return daemon.get("/peers/" + name(who));
    }

    void operate(Who who, String action, String reason) throws IOException, InterruptedException {
        daemon.post("/peers/" + name(who) + "/" + action, reason.isEmpty() ? "{}" : "{\"reason\": \"" + reason + "\"}");
    }

    void untilState(Who who, String state) {
        untilStatus(
                who, "state " + state, status -> status.path("state").asText().equals(state));
    }

    void untilStatus(Who who, String what, Predicate<JsonNode> condition) {
        await(what)
                .atMost(TesterPeer.SOON)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> condition.test(status(who)));
    }

    // ---- proofs

    /** Proves that all has been processed and nothing ended, without another prefix: the observer has the route, and the peer is up. */
    void proveUpByRefresh(TesterPeer peer, TesterPeer observer, String prefix) throws IOException {
        observer.expectRoute(prefix);
        peer.send(Messages.routeRefresh(1, 0, 1));
        if (!peer.messages(Messages.NOTIFICATION).isEmpty() || peer.isClosed()) {
            throw new AssertionError(peer + " was ended: " + peer.messages());
        }
    }

    /** Proves that a session is up: what it announces now reaches the observer. */
    void proveUp(TesterPeer peer, Who who, TesterPeer observer) throws IOException {
        String sentinel = prefix(255);
        peer.send(attributes(who)
                .communities(who.host() + ":" + (peer.messages().size() & 0xFFF))
                .announce(sentinel));
        observer.expectRoute(sentinel);
        peer.send(Messages.withdraw(sentinel));
        observer.expectNoRoute(sentinel);
        if (!peer.messages(Messages.NOTIFICATION).isEmpty() || peer.isClosed()) {
            throw new AssertionError(peer + " was ended: " + peer.messages());
        }
    }

    @Override
    public void close() throws IOException {
        for (Closeable each : open) {
            each.close();
        }
        try {
            daemon.remove(this);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        List<String> violations = open.stream()
                .filter(TesterPeer.class::isInstance)
                .flatMap(each -> ((TesterPeer) each).violations().stream())
                .toList();
        if (!violations.isEmpty()) {
            throw new AssertionError("messages of a form that the daemon must not send: " + violations);
        }
    }
}
