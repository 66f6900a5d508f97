package net.popbgp.daemon.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Equal routes that are in use together, as the operator sees them. */
@Execution(ExecutionMode.CONCURRENT)
class MultipathTest {

    private static List<String> alsoInUse(Site site, String prefix) throws Exception {
        List<String> peers = new ArrayList<>();
        for (JsonNode route : site.daemon().get("/routes?prefix=" + prefix).path("routes")) {
            route.path("multipath-peers").forEach(peer -> peers.add(peer.asText()));
        }
        return peers;
    }

    private static void awaitAlsoInUse(Site site, String prefix, String... peers) {
        await("in use beside the best: " + List.of(peers))
                .atMost(TesterPeer.SOON)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(alsoInUse(site, prefix)).containsExactly(peers));
    }

    @Test
    void equal_routes_are_in_use_as_many_as_are_wanted_and_the_best_is_advertised() throws Exception {
        try (DaemonUnderTest daemon = DaemonUnderTest.with("multipath: {paths: 2, as-path: length}\n");
                Site site = daemon.site()
                        .peer(Who.E)
                        .peer(Who.E2)
                        .peer(Who.E3)
                        .peer(Who.E4)
                        .peer(Who.O)
                        .start()) {
            TesterPeer o = site.up(Who.O);
            String prefix = site.prefix(1);
            TesterPeer e = site.up(Who.E);
            TesterPeer e2 = site.up(Who.E2);
            e.send(site.attributes(Who.E).announce(prefix));
            o.expectRoute(prefix);
            site.up(Who.E3).send(site.attributes(Who.E3).announce(prefix));
            awaitAlsoInUse(site, prefix, site.name(Who.E3));
            e2.send(site.attributes(Who.E2).announce(prefix));
            awaitAlsoInUse(site, prefix, site.name(Who.E2));
            site.up(Who.E4).send(site.attributes(Who.E4, 65050).announce(prefix)); // longer, so not equal

            List<String> statuses = new ArrayList<>();
            daemon.get("/explain?prefix=" + prefix)
                    .path("candidates")
                    .forEach(each -> statuses.add(each.path("status").asText()));
            assertThat(statuses).startsWith("best", "multipath", "valid");
            assertThat(o.history(prefix)).isEqualTo("+");

            e2.send(Messages.withdraw(prefix));
            awaitAlsoInUse(site, prefix, site.name(Who.E3));
            e.send(Messages.withdraw(prefix));
            awaitAlsoInUse(site, prefix);
            o.expectRoute(prefix, update -> update.path(4).equals("65000 65003"), "the one that is left");
        }
    }
}
