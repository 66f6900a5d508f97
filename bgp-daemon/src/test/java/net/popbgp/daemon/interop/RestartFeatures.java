package net.popbgp.daemon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Chapter(number = 4, title = "Route refresh and restarts")
@Execution(ExecutionMode.CONCURRENT)
class RestartFeatures {

    private static final int ROUTES = 100;

    @Feature(daemons = Kind.BIRD, row = 1, value = "Route refresh (RFC 2918), we ask")
    void we_ask(Cell cell) throws Exception {
        LabRoute theirs = LabRoute.to(cell.theirPrefix(0));
        cell.foreign.routes.add(theirs);
        cell.start().untilUp();
        cell.untilReceived(theirs.from(Cell.THEIR_AS, cell.theirs()));
        int before = cell.peer().at("/counters/updates-in").asInt();

        cell.operate("refresh", "{\"direction\": \"in\"}");

        Cell.until(
                "they send again", () -> cell.peer().at("/counters/updates-in").asInt() > before);
        cell.untilReceived(theirs.from(Cell.THEIR_AS, cell.theirs()));
    }

    @Feature(row = 2, value = "Route refresh, they ask")
    void they_ask(Cell cell) throws Exception {
        cell.start().untilUp();
        LabRoute ours = LabRoute.to(cell.ourPrefix(0));
        cell.announce(ours);
        cell.untilTheyHave(ours.from(Pop.AS, cell.ours()));
        int before = cell.peer().at("/counters/updates-out").asInt();

        cell.foreign.refreshIn(cell.session);

        Cell.until(
                "we send again", () -> cell.peer().at("/counters/updates-out").asInt() > before);
        cell.untilTheyHave(ours.from(Pop.AS, cell.ours()));
    }

    @Feature(daemons = Kind.BIRD, row = 3, value = "Enhanced route refresh (RFC 7313), each way, nothing lost")
    void enhanced_refresh(Cell cell) throws Exception {
        LabRoute theirs = LabRoute.to(cell.theirPrefix(0));
        cell.foreign.routes.add(theirs);
        cell.start().untilUp();
        assertThat(inUse(cell, "enhanced-route-refresh")).isEqualTo("yes");

        weAskAgain(cell, theirs);
        cell.foreign.refreshIn(cell.session);
        LabRoute ours = LabRoute.to(cell.ourPrefix(0));
        cell.announce(ours);
        cell.untilTheyHave(ours.from(Pop.AS, cell.ours()));
        assertThat(cell.peer().path("established-count").asInt()).isEqualTo(1);
    }

    private static void weAskAgain(Cell cell, LabRoute theirs) throws Exception {
        int before = cell.peer().at("/counters/updates-in").asInt();
        cell.operate("refresh", "{\"direction\": \"in\"}");
        Cell.until(
                "they send again", () -> cell.peer().at("/counters/updates-in").asInt() > before);
        cell.untilReceived(theirs.from(Cell.THEIR_AS, cell.theirs()));
    }

    private static String inUse(Cell cell, String capability) throws Exception {
        return StreamSupport.stream(cell.peer().path("capabilities").spliterator(), false)
                .filter(each -> each.path("name").asText().equals(capability))
                .map(each -> each.at("/in-use/0").asText())
                .findFirst()
                .orElse("");
    }

    @Feature(row = 4, value = "Graceful restart (RFC 4724) of theirs: kill -9, their routes kept, then reconciled")
    void their_restart(Cell cell) throws Exception {
        cell.session.restartTime = 60;
        cell.set("graceful-restart", "{restart-time: 60s}");
        for (int i = 0; i < ROUTES; i++) {
            cell.foreign.routes.add(LabRoute.to(cell.theirPrefix(i)));
        }
        cell.start().untilUp();
        Cell.until("we have all", () -> cell.count(LabSession.IPV4, "received") == ROUTES);

        cell.foreign.kill();
        cell.untilDown();
        assertThat(cell.peer().at("/stale-routes/families/ipv4-unicast/routes").asInt())
                .isEqualTo(ROUTES);
        assertThat(cell.received("")).hasSize(ROUTES);

        cell.foreign.routes.remove(0);
        cell.foreign.start(true);
        cell.untilUp();
        Cell.until("what they have no more is gone", () -> cell.received("").size() == ROUTES - 1);
        assertThat(cell.peer().has("stale-routes")).isFalse();
    }

    @Feature(
            daemons = Kind.BIRD,
            row = 5,
            value = "Graceful restart of ours: kill -9, our routes kept there, then reconciled")
    void our_restart(Cell cell) throws Exception {
        cell.session.restartTime = 60;
        cell.session.exportsOwnOnly = true;
        cell.ownPop("graceful-restart: {state-file: restart.state}\nannounce:\n  - prefixes: [" + cell.ourPrefix(0)
                        + ", " + cell.ourPrefix(1) + "]\n")
                .set("graceful-restart", "{restart-time: 60s, forwarding-preserved: true}");
        cell.foreign.routes.add(LabRoute.to(cell.theirPrefix(0)));
        cell.start().untilUp();
        Cell.until("they have both", () -> cell.foreign.received(cell.session, LabSession.IPV4) == 2);

        cell.pop().kill();
        Cell.until("they know that we are away", () -> !cell.foreign.isUp(cell.session));
        assertThat(cell.foreign.received(cell.session, LabSession.IPV4)).isEqualTo(2);

        cell.pop().start();
        AtomicInteger least = new AtomicInteger(2);
        Cell.until("up again", () -> {
            least.accumulateAndGet(cell.foreign.received(cell.session, LabSession.IPV4), Math::min);
            return cell.isUp()
                    && cell.foreign.isUp(cell.session)
                    && cell.pop().get("/status").at("/restart/over").asBoolean()
                    && cell.count(LabSession.IPV4, "advertised") == 2;
        });
        assertThat(least).as("kept while we came back").hasValue(2);
        assertThat(cell.foreign.received(cell.session, LabSession.IPV4)).isEqualTo(2);
    }

    @Feature(row = 6, value = "Long-lived graceful restart (RFC 9494) of theirs: kept after the Restart Time, marked")
    void their_long_lived_restart(Cell cell) throws Exception {
        cell.session.restartTime = 2;
        cell.session.longLived = 100;
        cell.set("graceful-restart", "{restart-time: 60s, long-lived: {ipv4-unicast: 100s}}");
        cell.foreign.routes.add(LabRoute.to(cell.theirPrefix(0)));
        cell.start().untilUp();
        Cell.until("we have it", () -> cell.count(LabSession.IPV4, "received") == 1);

        cell.foreign.kill();
        Cell.until("long-lived", () -> longLived(cell));
        assertThat(cell.received(cell.theirPrefix(0))).hasSize(1);

        cell.foreign.start(true);
        cell.untilUp();
        Cell.until("stale no more", () -> !cell.peer().has("stale-routes"));
        assertThat(cell.received(cell.theirPrefix(0))).hasSize(1);
    }

    private static boolean longLived(Cell cell) throws Exception {
        JsonNode family = cell.peer().at("/stale-routes/families/ipv4-unicast");
        return family.path("long-lived").asBoolean() && family.path("routes").asInt() == 1;
    }
}
