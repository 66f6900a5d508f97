package net.popbgp.sim.virtual;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import net.popbgp.core.net.IpAddresses;
import org.junit.jupiter.api.Test;

/** The product's peer against one that answers 2/4 to every OPEN with capabilities (RFC 5492, 3). */
class RefusedCapabilitiesTest {

    private static final InetAddress A = IpAddresses.parse("192.0.2.1");
    private static final InetAddress B = IpAddresses.parse("192.0.2.2");

    private final VirtualTime time = new VirtualTime();
    private final VirtualNetwork network = new VirtualNetwork(time, 1);
    private final RawPeer raw = new RawPeer(network, B, 64502);

    @Test
    void the_session_is_made_without_capabilities_and_the_peer_shows_it() {
        raw.refusesCapabilities = true;
        raw.listen(A);
        Node node = new Node(network, time, A, 64501, B, 64502, 1, Node.Options.PLAIN);
        node.start();
        assertThat(time.advanceUntil(node::isUp, Duration.ofSeconds(30))).isTrue();

        assertThat(node.log).anyMatch(line -> line.endsWith("received 2/4"));
        assertThat(raw.connections).hasSize(2);
        assertThat(node.peer.view().withoutCapabilities()).isTrue();
        assertThat(node.peer.view().negotiated().orElseThrow().localCapabilities())
                .isEmpty();
        assertThat(node.peer.view().negotiated().orElseThrow().families()).containsExactly(Node.IPV4);
        assertThat(node.bugs).isEmpty();
    }

    @Test
    void an_as_number_of_four_octets_forbids_it_and_the_tries_become_rare() {
        raw.refusesCapabilities = true;
        raw.listen(A);
        Node node = new Node(network, time, A, 4_200_000, B, 64502, 1, Node.Options.PLAIN);
        node.start();
        time.advance(Duration.ofHours(1));

        assertThat(node.peer.view().withoutCapabilities()).isFalse();
        assertThat(node.peer.view().established()).isZero();
        assertThat(raw.connections).hasSizeBetween(25, 60);
    }
}
