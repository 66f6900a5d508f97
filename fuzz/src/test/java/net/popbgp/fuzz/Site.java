package net.popbgp.fuzz;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.popbgp.core.decision.DecisionOptions;
import net.popbgp.core.fsm.DownReason;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.message.UpdateMessage;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.rib.RibChanges;
import net.popbgp.core.rib.RibOptions;
import net.popbgp.core.route.RoutePolicy;
import net.popbgp.engine.RibEngine;
import net.popbgp.engine.RibEvents;
import net.popbgp.session.Peer;
import net.popbgp.session.PeerEvents;
import net.popbgp.sim.virtual.VirtualNetwork;
import net.popbgp.sim.virtual.VirtualTime;
import net.popbgp.speaker.PeerConfig;
import net.popbgp.speaker.SettingsOf;
import net.popbgp.speaker.SpeakerConfig;
import net.popbgp.transport.EmbeddedWire;

/** One speaker's tables and passive peers in virtual time, each with one connection that is fed by hand. Used by one thread. */
final class Site implements PeerEvents, RibEvents, AutoCloseable {

    /** Two routes, 198.51.100.0/24 and 203.0.113.0/24, by 192.0.2.3. */
    static final byte[] ROUTES = Frames.update(
            new byte[0],
            HexFormat.of().parseHex("400101004002060201" + "0000fbf7" + "400304c0000203"),
            HexFormat.of().parseHex("18c63364" + "18cb0071"));

    private static final String ADDRESS = "192.0.2.1";
    private static final int AS = 64501;
    private static final int MAX_STEPS = 1000;
    private static final int NOTIFICATION = 3;

    private final SpeakerConfig speaker =
            SpeakerConfig.builder(Asn.of(AS), RouterId.of(ADDRESS)).build();
    private final VirtualTime time = new VirtualTime();
    private final VirtualNetwork network = new VirtualNetwork(time, 1);
    private final RibEngine engine = new RibEngine(
            time,
            new RibOptions(Asn.of(AS), RouterId.of(ADDRESS), DecisionOptions.DEFAULT),
            this,
            Duration.ofSeconds(10));
    private final List<Neighbour> neighbours = new ArrayList<>();
    private final Duration holdTime;

    Site(Duration holdTime) {
        this.holdTime = holdTime;
    }

    /** The peer 192.0.2.n in AS 64500 + n, just connected. */
    Neighbour neighbour(int n) {
        Neighbour neighbour = new Neighbour(n);
        neighbours.add(neighbour);
        settle();
        return neighbour;
    }

    final class Neighbour {
        private final Peer peer;
        private final EmbeddedWire wire;

        Neighbour(int n) {
            String address = "192.0.2." + n;
            PeerConfig config = PeerConfig.builder(address, 64500 + n)
                    .passive(true)
                    .localAddress(ADDRESS)
                    .families(AddressFamily.IPV4_UNICAST, AddressFamily.IPV6_UNICAST)
                    .importPolicy(RoutePolicy.ACCEPT_ALL)
                    .exportPolicy(RoutePolicy.ACCEPT_ALL)
                    .holdTime(n == 3 ? Duration.ZERO : holdTime)
                    .build();
            peer = new Peer(
                    SettingsOf.peer(speaker, config), time, network.host(ADDRESS), engine, Site.this, new Random(n));
            peer.start();
            wire = new EmbeddedWire(
                    new InetSocketAddress(IpAddresses.parse(ADDRESS), 179),
                    new InetSocketAddress(IpAddresses.parse(address), 40000),
                    connection -> {
                        var events = peer.accept(connection);
                        if (events == null) {
                            throw new AssertionError("the connection was not taken");
                        }
                        return events;
                    });
        }

        void feed(byte[] octets, int piece) {
            wire.feed(octets, piece);
            settle();
        }

        FsmState state() {
            return peer.view().state();
        }

        int received() {
            return peer.view()
                    .ribPeer()
                    .flatMap(rib -> rib.counts(AddressFamily.IPV4_UNICAST))
                    .map(counts -> counts.received())
                    .orElse(0);
        }

        /** Everything that was sent is whole messages, and nothing follows a NOTIFICATION. */
        void requireWellFormed() {
            byte[] sent = wire.sent();
            for (int at = 0; at < sent.length; ) {
                int length = at + Frames.HEADER > sent.length ? 0 : (sent[at + 16] & 0xFF) << 8 | sent[at + 17] & 0xFF;
                boolean whole = length >= Frames.HEADER && at + length <= sent.length;
                Decoding.require(whole, "sent a broken message: " + hex(sent, at));
                at += length;
                boolean last = sent[at - length + 18] == NOTIFICATION;
                Decoding.require(!last || at == sent.length, "sent after a NOTIFICATION: " + hex(sent, at));
            }
        }

        private static String hex(byte[] octets, int from) {
            return HexFormat.of().formatHex(octets, from, octets.length);
        }

        void requireGone() {
            Decoding.require(state() != FsmState.ESTABLISHED, "still up: " + Site.this);
            Decoding.require(received() == 0, "its routes are still there");
        }
    }

    private void settle() {
        for (int step = 0; step < 3; step++) {
            neighbours.forEach(each -> each.wire.runPending());
            time.runUntilIdle();
        }
    }

    void advance(Duration duration) {
        Decoding.require(duration.toSeconds() < MAX_STEPS, "too long");
        for (long second = 0; second < duration.toSeconds(); second++) {
            time.advance(Duration.ofSeconds(1));
            settle();
        }
    }

    /** The neighbour is up, with both its routes, and they are used. */
    void check(Neighbour other) {
        Decoding.require(other.state() == FsmState.ESTABLISHED, "another peer is down: " + this);
        Decoding.require(other.received() == 2, "another peer has " + other.received() + " routes");
        other.requireWellFormed();
        boolean[] best = new boolean[1];
        engine.ask(tables -> tables.best(Prefix.of("198.51.100.0/24")).isPresent()
                        && tables.best(Prefix.of("203.0.113.0/24")).isPresent())
                .thenAccept(value -> best[0] = value);
        time.runUntilIdle();
        Decoding.require(best[0], "routes of another peer have gone from the Loc-RIB");
    }

    @Override
    public void stateChanged(Peer peer, FsmState from, FsmState to, DownReason reason) {}

    @Override
    public void notification(Peer peer, boolean sent, NotificationMessage message) {
        Decoding.require(!message.toString().isEmpty(), "a NOTIFICATION without text");
    }

    @Override
    public void oversized(Peer peer, int prefixes) {}

    @Override
    public void ignored(Peer peer, String what, long untold) {}

    @Override
    public void faultyUpdate(Peer peer, UpdateMessage update, byte[] octets, long untold) {}

    @Override
    public void failed(Peer peer, Throwable bug) {
        throw new AssertionError("a bug on the peer's loop", bug);
    }

    @Override
    public void locRibChanged(RibChanges changes) {}

    @Override
    public void endOfRib(String peer, AddressFamily family) {}

    @Override
    public void limit(String peer, AddressFamily family, LimitKind kind, Level level, int count) {}

    @Override
    public void failed(Throwable bug) {
        throw new AssertionError("a bug on the RIB thread", bug);
    }

    @Override
    public void close() {
        neighbours.forEach(each -> each.wire.close());
    }

    @Override
    public String toString() {
        return Arrays.toString(neighbours.stream().map(each -> each.peer.view()).toArray());
    }
}
