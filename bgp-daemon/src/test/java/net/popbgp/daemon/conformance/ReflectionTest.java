package net.popbgp.daemon.conformance;

import static net.popbgp.daemon.conformance.Attributes.OPTIONAL;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** RFC 4456: the daemon as a route reflector. */
@Execution(ExecutionMode.CONCURRENT)
class ReflectionTest {

    private static final String CLIENT = "reflector-client: true";
    private static final int ORIGINATOR_ID = 9;
    private static final int CLUSTER_LIST = 10;
    private static final String OUR_CLUSTER = "0a000001";

    @Test
    @Row("ADV-25")
    void a_reflected_route_is_marked_and_otherwise_as_it_came() throws Exception {
        try (Site site =
                DaemonUnderTest.shared().site().peer(Who.I, CLIENT).peer(Who.I2).start()) {
            TesterPeer i2 = site.up(Who.I2);
            TesterPeer i = site.up(Who.I);
            Attributes attributes =
                    Attributes.base("192.0.2.77", 65010, 65011).med(7).localPref(123);
            i.send(attributes.announce(site.prefix(1)));

            Update reflected = i2.expectRoute(site.prefix(1));
            assertThat(reflected.hex(ORIGINATOR_ID)).isEqualTo("0a00010b"); // the client's Identifier
            assertThat(reflected.hex(CLUSTER_LIST)).isEqualTo(OUR_CLUSTER);
            assertThat(reflected.hex(3)).isEqualTo(Octets.hex(Octets.address("192.0.2.77")));
            assertThat(reflected.path(4)).isEqualTo("65010 65011");
            assertThat(reflected.hex(4)).isEqualTo("00000007");
            assertThat(reflected.hex(5)).isEqualTo("0000007b");

            byte[] originator = Octets.address("10.7.7.7");
            i.send(Attributes.base("192.0.2.77", 65010)
                    .localPref(123)
                    .add(OPTIONAL, ORIGINATOR_ID, originator)
                    .add(OPTIONAL, CLUSTER_LIST, Octets.address("10.8.8.8"))
                    .announce(site.prefix(2)));
            Update again = i2.expectRoute(site.prefix(2));
            assertThat(again.hex(ORIGINATOR_ID)).isEqualTo(Octets.hex(originator));
            assertThat(again.hex(CLUSTER_LIST)).isEqualTo(OUR_CLUSTER + "0a080808");
        }
    }

    @Test
    @Row("ADV-27")
    void a_client_s_route_goes_to_all_and_another_s_to_clients_only() throws Exception {
        try (Site site = DaemonUnderTest.shared()
                .site()
                .peer(Who.I, CLIENT)
                .peer(Who.I2)
                .peer(Who.I3)
                .peer(Who.O)
                .start()) {
            TesterPeer client = site.up(Who.I);
            TesterPeer nonClient = site.up(Who.I2);
            TesterPeer otherNonClient = site.up(Who.I3);
            TesterPeer o = site.up(Who.O);

            nonClient.send(site.attributes(Who.I2, 65010).announce(site.prefix(1)));
            client.expectRoute(site.prefix(1));
            o.expectRoute(site.prefix(1));

            client.send(site.attributes(Who.I, 65010).announce(site.prefix(2)));
            o.expectRoute(site.prefix(2));
            nonClient.expectRoute(site.prefix(2));
            otherNonClient.expectRoute(site.prefix(2)); // what came before it has been sent, too
            assertThat(otherNonClient.history(site.prefix(1))).isEmpty();
            site.proveUp(nonClient, Who.I2, client);
            assertThat(client.history(site.prefix(2))).isEmpty();
            assertThat(nonClient.history(site.prefix(1))).isEmpty();
        }
    }
}
