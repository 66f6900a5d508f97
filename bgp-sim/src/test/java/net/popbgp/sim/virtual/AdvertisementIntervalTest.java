package net.popbgp.sim.virtual;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.popbgp.core.attribute.NextHop;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.codec.MessageCodec;
import net.popbgp.core.decision.DecisionOptions;
import net.popbgp.core.message.NotificationException;
import net.popbgp.core.message.UpdateMessage;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.rib.ExportOptions;
import net.popbgp.core.rib.RibChanges;
import net.popbgp.core.rib.RibOptions;
import net.popbgp.core.rib.RoutingTables;
import net.popbgp.core.route.PeerRouting;
import net.popbgp.core.route.PeerType;
import net.popbgp.core.route.RoutePolicy;
import net.popbgp.core.route.RouteSource;
import net.popbgp.engine.RibCommand;
import net.popbgp.engine.RibEngine;
import net.popbgp.engine.RibEvents;
import net.popbgp.engine.RibPeer;
import net.popbgp.engine.StaleTerms;
import net.popbgp.engine.UpdateBatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** MinRouteAdvertisementInterval (RFC 4271, 9.2.1.1) of 30 s, on a clock that the test moves. */
class AdvertisementIntervalTest implements RibEvents {

    private static final Prefix PREFIX = Prefix.of("198.51.100.0/24");
    private static final Prefix OTHER = Prefix.of("203.0.113.0/24");
    private static final RouterId ROUTER_ID = RouterId.of("192.0.2.1");

    private final VirtualTime time = new VirtualTime();
    private final List<String> sent = new ArrayList<>();
    private final RibEngine engine = new RibEngine(
            time, new RibOptions(Asn.of(64501), ROUTER_ID, DecisionOptions.DEFAULT), this, Duration.ofSeconds(10));
    private final RibPeer peer = peer();

    private RibPeer peer() {
        InetAddress remote = IpAddresses.parse("192.0.2.2");
        Set<AddressFamily> families = Set.of(Node.IPV4);
        return new RibPeer(new RibPeer.Setup(
                "peer",
                new RouteSource(remote, PeerType.EXTERNAL, Asn.of(64502), RouterId.of("192.0.2.2"), 100, ""),
                RoutePolicy.ACCEPT_ALL,
                new ExportOptions(
                        PeerType.EXTERNAL,
                        Asn.of(64501),
                        ROUTER_ID,
                        Optional.of(NextHop.of(IpAddresses.parse("192.0.2.1"))),
                        Optional.empty(),
                        false,
                        Optional.empty(),
                        false,
                        "",
                        PeerRouting.DEFAULT,
                        false,
                        RoutePolicy.ACCEPT_ALL,
                        families),
                families,
                Map.of(),
                Map.of(),
                Duration.ofSeconds(30),
                new StaleTerms(false, Duration.ofMinutes(10), Optional.empty()),
                this::note,
                credits -> {},
                family -> {}));
    }

    private void note(UpdateBatch batch) {
        UpdateBatch.Encoded encoded = batch.encode(RawPeer.OPTIONS);
        byte[] octets = encoded.octets();
        for (int at = 0; at < octets.length; ) {
            int length = (octets[at + 16] & 0xFF) << 8 | octets[at + 17] & 0xFF;
            note(java.util.Arrays.copyOfRange(octets, at, at + length));
            at += length;
        }
        engine.submit(new RibCommand.Grant(peer));
    }

    private void note(byte[] message) {
        UpdateMessage update;
        try {
            update = (UpdateMessage) new MessageCodec(RawPeer.OPTIONS).decode(message);
        } catch (NotificationException e) {
            throw new AssertionError(e);
        }
        long second = time.elapsed().toSeconds();
        update.withdrawn().forEach(gone -> gone.asList().forEach(prefix -> sent.add(second + " -" + prefix)));
        update.announced()
                .forEach(route -> route.prefixes()
                        .asList()
                        .forEach(prefix -> sent.add(second + " +" + prefix + " "
                                + route.attributes().multiExitDisc().orElse(-1))));
    }

    private void announce(Prefix prefix, int med) {
        engine.ask(tables -> {
            tables.announce(
                    RoutingTables.LOCAL,
                    PathAttributes.builder().multiExitDisc(med).build(),
                    Node.packed(prefix));
            return true;
        });
        time.runUntilIdle();
    }

    private void withdraw(Prefix prefix) {
        engine.ask(tables -> {
            tables.withdraw(RoutingTables.LOCAL, Node.packed(prefix));
            return true;
        });
        time.runUntilIdle();
    }

    @BeforeEach
    void up() {
        engine.submit(new RibCommand.PeerUp(peer));
        time.runUntilIdle();
    }

    @Test
    void changes_within_the_interval_are_sent_once_at_its_end_and_as_they_are_then() {
        announce(PREFIX, 1);
        time.advance(Duration.ofSeconds(5));
        announce(PREFIX, 2);
        time.advance(Duration.ofSeconds(5));
        announce(PREFIX, 3);
        announce(OTHER, 1);
        time.advance(Duration.ofMinutes(5));

        assertThat(sent).containsExactly("0 +" + PREFIX + " 1", "10 +" + OTHER + " 1", "30 +" + PREFIX + " 3");
    }

    @Test
    void after_a_quiet_interval_a_change_goes_out_at_once() {
        announce(PREFIX, 1);
        time.advance(Duration.ofSeconds(31));
        announce(PREFIX, 2);

        assertThat(sent).containsExactly("0 +" + PREFIX + " 1", "31 +" + PREFIX + " 2");
    }

    @Test
    void a_withdrawal_does_not_wait_and_what_returns_after_it_does() {
        announce(PREFIX, 1);
        time.advance(Duration.ofSeconds(5));
        withdraw(PREFIX);
        announce(PREFIX, 2);
        time.advance(Duration.ofMinutes(5));

        assertThat(sent).containsExactly("0 +" + PREFIX + " 1", "5 -" + PREFIX, "30 +" + PREFIX + " 2");
    }

    @Test
    void a_change_that_waits_is_dropped_with_the_route() {
        announce(PREFIX, 1);
        time.advance(Duration.ofSeconds(5));
        announce(PREFIX, 2);
        withdraw(PREFIX);
        time.advance(Duration.ofMinutes(5));

        assertThat(sent).containsExactly("0 +" + PREFIX + " 1", "5 -" + PREFIX);
    }

    @Test
    void what_the_peer_asks_for_does_not_wait() {
        announce(PREFIX, 1);
        time.advance(Duration.ofSeconds(5));
        engine.submit(new RibCommand.Refresh(peer, Node.IPV4));
        time.runUntilIdle();

        assertThat(sent).containsExactly("0 +" + PREFIX + " 1", "5 +" + PREFIX + " 1");
    }

    @Test
    void a_change_that_waits_survives_a_change_of_the_export_policy() {
        announce(PREFIX, 1);
        time.advance(Duration.ofSeconds(5));
        announce(PREFIX, 2);
        ExportOptions before = peer.setup().exportOptions();
        RoutePolicy other = route -> net.popbgp.core.route.PolicyVerdict.ACCEPT;
        engine.ask(tables -> {
            engine.replaceExport(
                    peer,
                    new ExportOptions(
                            before.peerType(),
                            before.localAs(),
                            before.clusterId(),
                            before.nextHopIpv4(),
                            before.nextHopIpv6(),
                            before.extendedNextHop(),
                            before.role(),
                            before.nextHopSelf(),
                            before.circuitGroup(),
                            before.routing(),
                            before.lastResort(),
                            other,
                            before.families()));
            return true;
        });
        time.advance(Duration.ofMinutes(5));

        assertThat(sent.get(sent.size() - 1)).endsWith("+" + PREFIX + " 2");
        assertThat(sent).hasSize(2);
    }

    @Override
    public void locRibChanged(RibChanges changes) {}

    @Override
    public void endOfRib(String who, AddressFamily family) {}

    @Override
    public void limit(String who, AddressFamily family, LimitKind kind, Level level, int count) {}

    @Override
    public void failed(Throwable bug) {
        throw new AssertionError(bug);
    }
}
