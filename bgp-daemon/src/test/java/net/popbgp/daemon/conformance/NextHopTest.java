package net.popbgp.daemon.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** RFC 4271, 9.1.2: next hops that cannot be resolved, which the daemon learns by commands. */
@Execution(ExecutionMode.CONCURRENT)
class NextHopTest {

    private static void set(Site site, String nextHop, String what) throws IOException, InterruptedException {
        site.daemon().post("/next-hops/set", "{\"prefix\": \"" + nextHop + "/32\", " + what + "}");
    }

    private static void clear(Site site, String nextHop) throws IOException, InterruptedException {
        site.daemon().post("/next-hops/clear", "{\"prefix\": \"" + nextHop + "/32\"}");
    }

    /** {@return an address that no other site uses as a next hop} */
    private static String hop(Site site, int n) {
        return site.prefix(n).replace(".0/24", ".1");
    }

    private static boolean knows(Site site, String prefix) throws IOException, InterruptedException {
        return site.daemon()
                .get("/routes?prefix=" + prefix)
                .path("routes")
                .findValuesAsText("prefix")
                .contains(prefix);
    }

    @Test
    @Row("ADV-20")
    void a_route_whose_next_hop_cannot_be_resolved_is_not_used_until_it_can() throws Exception {
        try (Site site = DaemonUnderTest.shared().site().peer(Who.E).peer(Who.O).start()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = site.up(Who.E);
            String nextHop = hop(site, 4);
            set(site, nextHop, "\"unreachable\": true");
            e.send(Attributes.base(nextHop, Who.E.as()).announce(site.prefix(1)));
            site.proveUp(e, Who.E, o);
            assertThat(o.history(site.prefix(1))).isEmpty();
            assertThat(knows(site, site.prefix(1))).isFalse();

            clear(site, nextHop);
            o.expectRoute(site.prefix(1));
            assertThat(knows(site, site.prefix(1))).isTrue();
        }
    }

    @Test
    @Row("DEC-20")
    void a_next_hop_that_goes_and_comes_back_selects_anew_both_times() throws Exception {
        try (Site site = two()) {
            TesterPeer o = site.up(Who.O);
            String first = hop(site, 5);
            TesterPeer i = site.up(Who.I);
            TesterPeer i2 = site.up(Who.I2);
            i.send(Attributes.base(first, 65010).localPref(200).announce(site.prefix(1)));
            i2.send(Attributes.base(hop(site, 6), 65011).localPref(100).announce(site.prefix(1)));
            site.proveUp(i2, Who.I2, o);
            o.expectRoute(site.prefix(1), update -> update.path(4).equals("65000 65010"), "LOCAL_PREF 200");

            set(site, first, "\"unreachable\": true");
            o.expectRoute(site.prefix(1), update -> update.path(4).equals("65000 65011"), "what is left");
            clear(site, first);
            o.expectRoute(site.prefix(1), update -> update.path(4).equals("65000 65010"), "the first again");
            assertThat(o.history(site.prefix(1))).doesNotContain("-");
        }
    }

    private static Site two() throws IOException, InterruptedException {
        return DaemonUnderTest.shared()
                .site()
                .peer(Who.I)
                .peer(Who.I2)
                .peer(Who.O)
                .start();
    }
}
