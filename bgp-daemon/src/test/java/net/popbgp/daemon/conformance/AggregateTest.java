package net.popbgp.daemon.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** RFC 4271, 5.1.7 and 9.2.2.2: what an aggregate says of the routes that it stands for. */
@Execution(ExecutionMode.CONCURRENT)
class AggregateTest {

    private static final int ORIGIN = 1;
    private static final int MED = 4;
    private static final int ATOMIC_AGGREGATE = 6;
    private static final int AGGREGATOR = 7;

    /** {@return the /22 that holds the site's first four prefixes} */
    private static String aggregate(Site site) {
        return site.prefix(0).replace("/24", "/22");
    }

    private static Site site() throws Exception {
        Site site = DaemonUnderTest.shared().site().peer(Who.E).peer(Who.E2).peer(Who.O);
        return site.aggregate(aggregate(site)).start();
    }

    @Test
    @Row("ADV-31")
    void an_aggregate_has_the_worst_origin_the_common_path_and_our_aggregator() throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = site.up(Who.E);
            TesterPeer e2 = site.up(Who.E2);
            e.send(site.attributes(Who.E, 65050, 65051).announce(site.prefix(0)));
            Update one = o.expectRoute(aggregate(site));
            assertThat(one.path(4)).isEqualTo("65000 65001 65050 65051");
            assertThat(one.attributes()).doesNotContainKey(ATOMIC_AGGREGATE);
            assertThat(one.hex(AGGREGATOR)).isEqualTo("0000fde8" + "0a000001");

            e.send(site.attributes(Who.E, 65050, 65052).announce(site.prefix(1)));
            Update two = o.expectRoute(
                    aggregate(site), update -> update.path(4).equals("65000 65001 65050"), "what both begin with");
            assertThat(two.attributes()).containsKey(ATOMIC_AGGREGATE);
            assertThat(two.hex(ORIGIN)).isEqualTo("00");

            e2.send(Attributes.none()
                    .origin(2)
                    .path(Who.E2.as())
                    .nextHop(site.address(Who.E2))
                    .announce(site.prefix(2)));
            Update three =
                    o.expectRoute(aggregate(site), update -> update.path(4).equals("65000"), "no AS in common");
            assertThat(three.hex(ORIGIN)).isEqualTo("02");
            assertThat(three.attributes()).containsKey(ATOMIC_AGGREGATE);
            assertThat(three.hex(AGGREGATOR)).isEqualTo("0000fde8" + "0a000001");
            for (int i = 0; i < 3; i++) {
                assertThat(o.route(site.prefix(i))).isPresent();
            }
        }
    }

    @Test
    @Row("ADV-31")
    void routes_of_different_med_are_not_aggregated() throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = site.up(Who.E);
            e.send(site.attributes(Who.E).med(10).announce(site.prefix(0)));
            assertThat(o.expectRoute(aggregate(site)).attributes()).doesNotContainKey(MED);
            e.send(site.attributes(Who.E).med(20).announce(site.prefix(1)));
            o.expectNoRoute(aggregate(site));
            o.expectRoute(site.prefix(1));
            e.send(Messages.withdraw(site.prefix(1)));
            o.expectRoute(aggregate(site));
            e.send(Messages.withdraw(site.prefix(0)));
            o.expectNoRoute(aggregate(site));
        }
    }
}
