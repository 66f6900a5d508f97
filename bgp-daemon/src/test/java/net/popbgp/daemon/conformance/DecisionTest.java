package net.popbgp.daemon.conformance;

import static net.popbgp.daemon.conformance.Candidate.route;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * RFC 4271, 9.1.2.2, and RFC 4456, 9: which route wins, as an observer sees it, in every order of arrival, and which wins once it is
 * withdrawn.
 */
@Execution(ExecutionMode.CONCURRENT)
class DecisionTest {

    @Test
    @Row("DEC-01")
    void a_higher_local_pref_wins_over_everything_else() throws Exception {
        rank(route(Who.I).localPref(200).path(65050, 65051, 65052).origin(2), route(Who.I2));
    }

    @Test
    @Row("DEC-02")
    void the_shorter_path_wins() throws Exception {
        rank(route(Who.E2), route(Who.E).path(65001, 65050));
    }

    @Test
    @Row("DEC-03")
    void a_set_counts_as_one() throws Exception {
        byte[] sequenceAndSet = Octets.join(
                Attributes.segment(2, 4, 65001), Attributes.segment(1, 4, 65051, 65052, 65053, 65054, 65055));
        rank(
                route(Who.E).pathOctets(sequenceAndSet),
                route(Who.E2).path(65002, 65050).origin(2));
        rank(
                route(Who.E2).path(65002, 65050),
                route(Who.E).pathOctets(sequenceAndSet).origin(2));
    }

    @Test
    @Row("DEC-05")
    void the_lowest_origin_wins() throws Exception {
        rank(route(Who.E3).origin(0), route(Who.E2).origin(1), route(Who.E).origin(2));
    }

    @Test
    @Row("DEC-06")
    void the_lower_med_wins_within_a_neighbouring_as() throws Exception {
        rank(route(Who.E2).as(65001).med(10), route(Who.E).med(20));
    }

    @Test
    @Row("DEC-07")
    void meds_of_different_neighbouring_ases_are_not_compared() throws Exception {
        rank(route(Who.E).med(20), route(Who.E2).med(10));
    }

    @Test
    @Row("DEC-08")
    void an_absent_med_is_zero() throws Exception {
        rank(route(Who.E2).as(65001), route(Who.E).med(1));
        rank(route(Who.E), route(Who.E2).as(65001).med(0));
        rank(route(Who.E).med(0), route(Who.E2).as(65001));
    }

    @Test
    @Row("DEC-09")
    void meds_decide_the_same_in_all_six_orders() throws Exception {
        rank(
                route(Who.E2).identifier("10.0.1.2"),
                route(Who.E3).as(65001).med(10).identifier("10.0.1.3"),
                route(Who.E).med(20).identifier("10.0.1.1"));
    }

    @Test
    @Row("DEC-10")
    void external_wins_over_internal() throws Exception {
        rank(route(Who.E), route(Who.I).identifier("10.0.0.2"));
    }

    @Test
    @Row({"DEC-11", "DEC-17"})
    void the_nearer_next_hop_wins_between_routes_of_the_same_kind() throws Exception {
        String near = "198.18.11.10";
        String far = "198.18.11.20";
        DaemonUnderTest daemon = DaemonUnderTest.shared();
        daemon.post("/next-hops/set", "{\"prefix\": \"" + near + "/32\", \"cost\": 10}");
        daemon.post("/next-hops/set", "{\"prefix\": \"" + far + "/32\", \"cost\": 20}");
        rank(route(Who.I2).nextHop(near), route(Who.I).nextHop(far));
        rank(route(Who.E2).nextHop(near), route(Who.E).nextHop(far));
        rank(route(Who.E).nextHop(far), route(Who.I).nextHop(near));
    }

    @Test
    @Row("DEC-12")
    void the_lower_identifier_wins_as_an_unsigned_number() throws Exception {
        rank(route(Who.E2).identifier("10.0.0.9"), route(Who.E).identifier("10.0.0.10"));
        rank(route(Who.E2).identifier("127.0.0.1"), route(Who.E).identifier("128.0.0.1"));
    }

    @Test
    @Row("DEC-13")
    void an_originator_id_stands_for_the_identifier() throws Exception {
        rank(route(Who.I2).originator("9.0.0.1", "9.9.9.9"), route(Who.I).originator("9.0.0.2", "9.9.9.9"));
    }

    @Test
    @Row("DEC-14")
    void the_shorter_cluster_list_wins() throws Exception {
        rank(route(Who.I2).originator("9.0.0.1", "9.9.9.9"), route(Who.I).originator("9.0.0.1", "9.9.9.9", "9.9.9.8"));
    }

    @Test
    @Row({"DEC-15", "DEC-16"})
    void the_lower_address_wins_between_equal_identifiers_whichever_was_there_first() throws Exception {
        rank(route(Who.E).identifier("10.0.1.77"), route(Who.E2).as(65001).identifier("10.0.1.77"));
    }

    @Test
    @Row("DEC-17")
    void each_rule_comes_before_the_next() throws Exception {
        rank(route(Who.I2).localPref(101).path(65050, 65051), route(Who.I).path(65050));
        rank(route(Who.E2).as(65001).origin(2), route(Who.E).path(65001, 65050).origin(0));
        rank(route(Who.E2).as(65001).origin(0).med(20), route(Who.E).origin(1).med(10));
        rank(route(Who.I).path(65001).med(10), route(Who.E).med(20));
        rank(route(Who.E2).identifier("10.0.9.9"), route(Who.I).identifier("10.0.0.2"));
        rank(
                route(Who.I2).originator("9.0.0.1", "9.9.9.9", "9.9.9.8"),
                route(Who.I).originator("9.0.0.2", "9.9.9.9"));
        rank(route(Who.I2).originator("9.0.0.1", "9.9.9.9"), route(Who.I).originator("9.0.0.1", "9.9.9.9", "9.9.9.8"));
    }

    @Test
    @Row("DEC-18")
    void overlapping_routes_are_both_used() throws Exception {
        try (Site site = DaemonUnderTest.shared()
                .site()
                .peer(Who.E)
                .peer(Who.E2)
                .peer(Who.O)
                .start()) {
            TesterPeer o = site.up(Who.O);
            String wide = site.prefix(0).replace("/24", "/16");
            site.up(Who.E).send(site.attributes(Who.E).announce(wide));
            site.up(Who.E2).send(site.attributes(Who.E2).announce(site.prefix(1)));
            assertThat(o.expectRoute(wide).path(4)).isEqualTo("65000 65001");
            assertThat(o.expectRoute(site.prefix(1)).path(4)).isEqualTo("65000 65002");
        }
    }

    /** Announces these, the best first in the list, in every order; withdraws the best that is left until one is left. */
    private static void rank(Candidate... ranking) throws IOException, InterruptedException {
        Site site = DaemonUnderTest.shared().site().peer(Who.O);
        for (Candidate candidate : ranking) {
            site.peer(candidate.who(), "remote-as: " + candidate.as());
        }
        try (site) {
            site.start();
            TesterPeer o = site.up(Who.O);
            Map<Who, TesterPeer> peers = new EnumMap<>(Who.class);
            for (Candidate candidate : ranking) {
                peers.put(candidate.who(), site.up(candidate.who(), candidate.open()));
            }
            int round = 0;
            for (List<Candidate> order : orders(List.of(ranking))) {
                String prefix = site.prefix(round++);
                for (Candidate candidate : order) {
                    peer(peers, candidate).send(candidate.announce(site, prefix));
                    processed(site, peers, candidate, o);
                }
                for (int best = 0; best < ranking.length; best++) {
                    assertThat(ranking[best].isIn(o.expectRoute(prefix)))
                            .as("%s wins of %s, arrived as %s", ranking[best], List.of(ranking), order)
                            .isTrue();
                    peer(peers, ranking[best]).send(Messages.withdraw(prefix));
                    processed(site, peers, ranking[best], o);
                }
                o.expectNoRoute(prefix);
            }
        }
    }

    /** Waits until all that a part has sent has taken effect: a route of its own that it sends now has reached the observer. */
    private static void processed(Site site, Map<Who, TesterPeer> peers, Candidate candidate, TesterPeer o)
            throws IOException {
        String sentinel = site.prefix(200 + candidate.who().host());
        peer(peers, candidate).send(candidate.announce(site, sentinel));
        o.expectRoute(sentinel);
        peer(peers, candidate).send(Messages.withdraw(sentinel));
        o.expectNoRoute(sentinel);
    }

    private static TesterPeer peer(Map<Who, TesterPeer> peers, Candidate candidate) {
        TesterPeer peer = peers.get(candidate.who());
        if (peer == null) {
            throw new IllegalArgumentException(candidate + " is not connected");
        }
        return peer;
    }

    private static List<List<Candidate>> orders(List<Candidate> all) {
        if (all.size() < 2) {
            return List.of(all);
        }
        List<List<Candidate>> orders = new ArrayList<>();
        for (Candidate first : all) {
            List<Candidate> rest = new ArrayList<>(all);
            rest.remove(first);
            for (List<Candidate> order : orders(rest)) {
                List<Candidate> whole = new ArrayList<>(List.of(first));
                whole.addAll(order);
                orders.add(whole);
            }
        }
        return orders;
    }
}
