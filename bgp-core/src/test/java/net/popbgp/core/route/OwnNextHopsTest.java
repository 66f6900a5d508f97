package net.popbgp.core.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.Optional;
import net.popbgp.core.attribute.NextHop;
import net.popbgp.core.net.IpAddresses;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OwnNextHopsTest {

    private static final InetAddress V4 = IpAddresses.parse("192.0.2.1");
    private static final InetAddress V6 = IpAddresses.parse("2001:db8::1");
    private static final InetAddress LINK = IpAddresses.parse("fe80::1");

    private static OwnNextHops of(
            @Nullable InetAddress ipv4, @Nullable InetAddress ipv6, @Nullable InetAddress linkLocal) {
        return new OwnNextHops(Optional.ofNullable(ipv4), Optional.ofNullable(ipv6), Optional.ofNullable(linkLocal));
    }

    @Test
    void without_configuration_the_address_of_the_session_serves_its_own_kind() {
        assertThat(OwnNextHops.NONE.forIpv4(V4, false)).contains(NextHop.of(V4));
        assertThat(OwnNextHops.NONE.forIpv6(V4)).isEmpty();
        assertThat(OwnNextHops.NONE.forIpv4(V6, false)).isEmpty();
        assertThat(OwnNextHops.NONE.forIpv6(V6)).contains(NextHop.of(V6));
    }

    @Test
    void an_ipv6_next_hop_of_ipv4_routes_needs_the_peers_consent_and_yields_to_an_ipv4_address() {
        assertThat(OwnNextHops.NONE.forIpv4(V6, true)).contains(NextHop.of(V6));
        assertThat(of(V4, null, null).forIpv4(V6, true)).contains(NextHop.of(V4));
        assertThat(OwnNextHops.NONE.forIpv4(V4, true)).contains(NextHop.of(V4));
    }

    @Test
    void a_link_local_address_is_sent_where_it_is_configured_or_carries_the_session() {
        assertThat(of(null, V6, LINK).forIpv6(V4)).contains(new NextHop(V6, LINK));
        assertThat(of(null, V6, null).forIpv6(LINK)).contains(new NextHop(V6, LINK));
        assertThat(of(null, V6, null).forIpv6(V6)).contains(NextHop.of(V6));
        assertThat(OwnNextHops.NONE.forIpv6(LINK)).as("no global address").isEmpty();
    }

    @Test
    void addresses_of_the_wrong_kind_are_refused() {
        assertThatThrownBy(() -> of(V6, null, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2001:db8::1");
        assertThatThrownBy(() -> of(null, LINK, null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> of(null, null, V6)).isInstanceOf(IllegalArgumentException.class);
    }
}
