package net.popbgp.sim.virtual;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.stream.Stream;
import net.popbgp.core.attribute.AsPath;
import net.popbgp.core.attribute.AsPath.Segment;
import net.popbgp.core.attribute.AsPath.SegmentType;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which well-formed routes the session takes (RFC 4271, 6.3 and 9.1.2; RFC 7606, 7.2). The speaker is AS 64501 at 192.0.2.1. */
class ReceivedRoutesTest {

    private static final InetAddress US = IpAddresses.parse("192.0.2.1");
    private static final InetAddress THEM = IpAddresses.parse("192.0.2.2");
    private static final Prefix PREFIX = Prefix.of("203.0.113.0/24");

    static Stream<Arguments> routes() {
        return Stream.of(
                Arguments.of("good", path(THEM, AsPath.of(64502, 64510)), true),
                Arguments.of("another AS in front", path(THEM, AsPath.of(64510, 64502)), false),
                Arguments.of("nothing in front", path(THEM, AsPath.EMPTY), false),
                Arguments.of("a set in front", path(THEM, set(64502, 64510)), false),
                Arguments.of("our AS behind", path(THEM, AsPath.of(64502, 64501)), false),
                Arguments.of("third party's next hop", path(IpAddresses.parse("192.0.2.3"), AsPath.of(64502)), true),
                Arguments.of("our address as next hop", path(US, AsPath.of(64502)), false),
                Arguments.of("loopback as next hop", path(IpAddresses.parse("127.0.0.1"), AsPath.of(64502)), false));
    }

    private static PathAttributes path(InetAddress nextHop, AsPath asPath) {
        return PathAttributes.builder().asPath(asPath).nextHop(nextHop).build();
    }

    private static AsPath set(int... asns) {
        return new AsPath(java.util.List.of(new Segment(SegmentType.AS_SET, asns)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("routes")
    void a_route_is_taken_or_replaces_an_earlier_one_by_nothing(String what, PathAttributes attributes, boolean taken) {
        VirtualTime time = new VirtualTime();
        VirtualNetwork network = new VirtualNetwork(time, 1);
        RawPeer raw = new RawPeer(network, THEM, 64502);
        raw.listen(US);
        Node node = new Node(network, time, US, 64501, THEM, 64502, 1, Node.Options.PLAIN);
        node.start();
        assertThat(time.advanceUntil(node::isUp, Duration.ofSeconds(5))).isTrue();
        raw.last().announce(raw.path(), PREFIX);
        assertThat(time.advanceUntil(() -> node.routes() == 1, Duration.ofSeconds(5)))
                .isTrue();

        raw.last().announce(attributes, PREFIX);
        time.advance(Duration.ofSeconds(1));

        assertThat(node.routes()).as(what).isEqualTo(taken ? 1 : 0);
        assertThat(node.isUp()).isTrue();
    }
}
