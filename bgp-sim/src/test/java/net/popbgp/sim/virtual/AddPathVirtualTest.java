package net.popbgp.sim.virtual;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.codec.CodecOptions;
import net.popbgp.core.codec.UpdatePacker;
import net.popbgp.core.message.Capability;
import net.popbgp.core.message.MessageType;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.PackedPrefixes;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.rib.RibPage;
import net.popbgp.core.rib.RibQuery;
import net.popbgp.core.rib.RibView;
import net.popbgp.core.rib.RoutingTables;
import org.junit.jupiter.api.Test;

/** Several paths of a prefix from a peer (RFC 7911), through the product's session and tables, on one clock. */
class AddPathVirtualTest {

    private static final InetAddress A = IpAddresses.parse("192.0.2.1");
    private static final InetAddress B = IpAddresses.parse("192.0.2.2");
    private static final Prefix PREFIX = Prefix.of("203.0.113.0/24");
    private static final CodecOptions WITH_PATH_IDS =
            new CodecOptions(true, true, 4096, 4096, Set.of(Node.IPV4), Set.of(), Set.of(Node.IPV4), Set.of());

    private final VirtualTime time = new VirtualTime();
    private final VirtualNetwork network = new VirtualNetwork(time, 1);
    private final RawPeer raw = new RawPeer(network, B, 64502);
    private final Node node =
            new Node(network, time, A, 64501, B, 64502, 1, Node.Options.offering(addPath(true, false)));

    private static Capability addPath(boolean receive, boolean send) {
        return new Capability.AddPath(List.of(new Capability.AddPath.Family(Node.IPV4, receive, send)));
    }

    private void up() {
        raw.capabilities = List.of(addPath(false, true));
        raw.whenUp = connection -> time.scheduleAtFixedRate(
                () -> {
                    if (!connection.closed) {
                        connection.keepalive();
                    }
                },
                1,
                1,
                TimeUnit.SECONDS);
        raw.listen(A);
        node.start();
        assertThat(time.advanceUntil(node::isUp, Duration.ofSeconds(5))).isTrue();
        assertThat(node.peer.view().negotiated().orElseThrow().addPathReceive()).containsExactly(Node.IPV4);
    }

    private static PackedPrefixes path(int pathId) {
        return PackedPrefixes.builder(Node.IPV4, 1)
                .add(PREFIX.high(), PREFIX.low(), PREFIX.length(), pathId)
                .build();
    }

    private void announce(int pathId, PathAttributes attributes) {
        UpdatePacker packer = new UpdatePacker(WITH_PATH_IDS);
        packer.announce(attributes, path(pathId));
        raw.last().wire.sendEncoded(packer.take(), 1);
        time.advance(Duration.ofSeconds(1));
    }

    private void withdraw(int pathId) {
        UpdatePacker packer = new UpdatePacker(WITH_PATH_IDS);
        packer.withdraw(path(pathId));
        raw.last().wire.sendEncoded(packer.take(), 1);
        time.advance(Duration.ofSeconds(1));
    }

    private PathAttributes longer(int more) {
        return raw.path().toBuilder().asPath(64502, more).build();
    }

    private <T> T ask(Function<RoutingTables, T> question) {
        var answer = node.engine.ask(question).toCompletableFuture();
        time.advance(Duration.ofSeconds(1));
        return answer.join();
    }

    @Test
    void paths_come_and_go_by_their_identifiers_and_all_with_the_session() {
        up();
        announce(7, longer(1));
        announce(0x8000_0000, longer(2));
        announce(0, raw.path());
        announce(7, longer(3));

        List<RibPage.Row> rows = ask(tables -> tables.explain(PREFIX).routes());
        assertThat(rows).extracting(row -> row.pathId().orElseThrow()).containsExactly(0L, 7L, 0x8000_0000L);
        assertThat(rows.get(0).status()).isEqualTo(RibPage.Status.BEST);
        assertThat(rows.get(1).route().attributes().asPath())
                .isEqualTo(longer(3).asPath());
        assertThat(node.routes()).isEqualTo(1);

        withdraw(0);
        RibPage page = ask(tables -> tables.page(RibQuery.all(RibView.LOC_RIB, 10)));
        assertThat(page.rows()).extracting(row -> row.pathId().orElseThrow()).containsExactly(7L);

        raw.last().wire.close();
        time.advance(Duration.ofMillis(100));
        assertThat(node.routes()).isZero();
    }

    @Test
    void an_update_that_is_treated_as_withdraw_takes_the_named_path_only() {
        up();
        announce(1, raw.path());
        announce(2, longer(1));
        announce(1, raw.path().toBuilder().asPath(64999).build()); // not the peer's AS in front

        List<RibPage.Row> rows = ask(tables -> tables.explain(PREFIX).routes());
        assertThat(rows).extracting(row -> row.pathId().orElseThrow()).containsExactly(2L);
        assertThat(raw.last().count(MessageType.NOTIFICATION)).isZero();
    }
}
