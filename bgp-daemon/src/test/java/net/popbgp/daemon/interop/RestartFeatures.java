package net.popbgp.daemon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Chapter(number = 4, title = "Route refresh and restarts")
@Execution(ExecutionMode.CONCURRENT)
class RestartFeatures {

    private static final int ROUTES = 100;
    private static final int SHORT_SECONDS = 15;
    private static final String WAITS_FOR_US =
            "makes no connection to a neighbour that restarts gracefully as long as it keeps its routes, but waits for its connection";

    /** The community, as the daemons print it. */
    private static final Pattern LLGR_STALE = Pattern.compile("65535[:,] ?6\\b|llgr.?stale", Pattern.CASE_INSENSITIVE);

    @Feature(row = 1, value = "Route refresh (RFC 2918), we ask")
    @Quirk(
            daemon = Kind.FRR,
            what =
                    "does not answer the ROUTE-REFRESH of a neighbour that does not offer graceful restart, to which it sends no End-of-RIB",
            rfc = "RFC 2918, 4")
    @Quirk(
            daemon = Kind.GOBGP,
            what = "sends End-of-RIB only where both sides offer graceful restart",
            rfc = "RFC 4724, 2")
    void we_ask(Cell cell) throws Exception {
        LabRoute theirs = LabRoute.to(cell.theirPrefix(0));
        cell.foreign.routes.add(theirs);
        cell.session.restartTime = 60;
        cell.set("graceful-restart", "{restart-time: 60s}")
                .set("route-refresh", "{enhanced: false}")
                .start();
        cell.untilUp();

        assertRefreshedHere(cell, theirs);
    }

    /** Asks for what was complete, so that nothing but the answer can come. */
    private static void assertRefreshedHere(Cell cell, LabRoute theirs) throws Exception {
        Cell.until(
                "End-of-RIB",
                () -> cell.peer().at("/prefixes/ipv4-unicast/end-of-rib").asBoolean());
        int before = cell.peer().at("/counters/updates-in").asInt();
        cell.operate("refresh", "{\"direction\": \"in\"}");
        Cell.until(
                "they send again", () -> cell.peer().at("/counters/updates-in").asInt() > before);
        cell.untilReceived(theirs.from(Cell.THEIR_AS, cell.theirs()));
    }

    @Feature(row = 2, value = "Route refresh, they ask")
    @Quirk(
            daemon = Kind.GOBGP,
            cannot = true,
            what = "never sends ROUTE-REFRESH: it keeps what it has received, and applies changed policies to that")
    void they_ask(Cell cell) throws Exception {
        cell.start().untilUp();

        assertRefreshedThere(cell);
    }

    private static void assertRefreshedThere(Cell cell) throws Exception {
        LabRoute ours = LabRoute.to(cell.ourPrefix(0));
        cell.announce(ours);
        cell.untilTheyHave(ours.from(Pop.AS, cell.ours()));
        int before = cell.peer().at("/counters/updates-out").asInt();
        cell.foreign.refreshIn(cell.session);
        Cell.until(
                "we send again", () -> cell.peer().at("/counters/updates-out").asInt() > before);
        cell.untilTheyHave(ours.from(Pop.AS, cell.ours()));
    }

    @Feature(row = 3, value = "Enhanced route refresh (RFC 7313), each way, nothing lost")
    @Quirk(daemon = Kind.GOBGP, cannot = true, what = "does not offer enhanced route refresh")
    void enhanced_refresh(Cell cell) throws Exception {
        LabRoute theirs = LabRoute.to(cell.theirPrefix(0));
        cell.foreign.routes.add(theirs);
        cell.set("graceful-restart", "{restart-time: 60s}").start().untilUp();
        assertThat(inUse(cell, "enhanced-route-refresh")).isEqualTo("yes");

        assertRefreshedHere(cell, theirs);
        assertRefreshedThere(cell);
        assertThat(cell.peer().path("established-count").asInt()).isEqualTo(1);
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
        Cell.untilEqual(
                "all retained",
                ROUTES,
                () -> cell.peer()
                        .at("/stale-routes/families/ipv4-unicast/routes")
                        .asInt());
        assertThat(cell.received("")).hasSize(ROUTES);

        cell.foreign.routes.remove(0);
        cell.foreign.start(true);
        cell.untilUp();
        Cell.until("what they have no more is gone", () -> cell.received("").size() == ROUTES - 1);
        Cell.until("nothing is stale", () -> !cell.peer().has("stale-routes"));
    }

    @Feature(row = 5, value = "Graceful restart of ours: kill -9, our routes kept there")
    @Quirk(
            daemon = Kind.FRR,
            cannot = true,
            instead = true,
            directions = Direction.THEY_CONNECT,
            what = WAITS_FOR_US,
            rfc = "RFC 4271, 8.2.2")
    void our_restart_after_a_crash(Cell cell) throws Exception {
        cell.ownPop(restarting(cell));
        assertOurRestart(cell, Pop::kill);
    }

    @Feature(
            row = 6,
            value = "Graceful restart of ours, planned: SIGTERM with `on-stop: restart`, our routes kept there")
    @Quirk(
            daemon = Kind.FRR,
            cannot = true,
            instead = true,
            directions = Direction.THEY_CONNECT,
            what = WAITS_FOR_US,
            rfc = "RFC 4271, 8.2.2")
    void our_planned_restart(Cell cell) throws Exception {
        cell.ownProgram(restarting(cell));
        assertOurRestart(cell, Pop::terminate);
    }

    private interface End {
        void of(Pop pop) throws InterruptedException;
    }

    private static void assertOurRestart(Cell cell, End end) throws Exception {
        startToRestart(cell, "restart-time: " + (theyWaitForUs(cell) ? SHORT_SECONDS : 60) + "s");

        Instant ended = Instant.now();
        end.of(cell.pop());
        Cell.until("they know that we are away", () -> !cell.foreign.isUp(cell.session));
        assertThat(cell.foreign.received(cell.session, LabSession.IPV4)).isEqualTo(2);

        cell.pop().start();
        if (theyWaitForUs(cell)) {
            assertUpOnlyAfter(ended, cell);
        } else {
            assertKeptWhileWeComeBack(cell);
        }
        untilExchanged(cell);
    }

    private static boolean theyWaitForUs(Cell cell) {
        return cell.kind == Kind.FRR && cell.direction == Direction.THEY_CONNECT;
    }

    /** They wait for us and we for them, until they have dropped our routes. */
    private static void assertUpOnlyAfter(Instant ended, Cell cell) {
        cell.untilUp();
        assertThat(Duration.between(ended, Instant.now())).isGreaterThan(Duration.ofSeconds(SHORT_SECONDS));
    }

    /** Starts both with two routes of ours and one of theirs, such that ours can be restarted. */
    private static void startToRestart(Cell cell, String times) throws Exception {
        cell.session.restartTime = 60;
        cell.session.exportsOwnOnly = true;
        cell.set("graceful-restart", "{" + times + ", forwarding-preserved: true}");
        cell.foreign.routes.add(LabRoute.to(cell.theirPrefix(0)));
        cell.start();
        untilExchanged(cell);
    }

    private static void assertKeptWhileWeComeBack(Cell cell) throws Exception {
        AtomicInteger least = new AtomicInteger(2);
        Cell.until("up again", () -> {
            least.accumulateAndGet(cell.foreign.received(cell.session, LabSession.IPV4), Math::min);
            return cell.isUp()
                    && cell.foreign.isUp(cell.session)
                    && cell.pop().get("/status").at("/restart/over").asBoolean()
                    && cell.count(LabSession.IPV4, "advertised") == 2;
        });
        assertThat(least).as("kept while we came back").hasValue(2);
    }

    private static String restarting(Cell cell) {
        return "graceful-restart: {state-file: restart.state, on-stop: restart}\n" + announcing(cell);
    }

    private static String announcing(Cell cell) {
        return "announce:\n  - prefixes: [" + cell.ourPrefix(0) + ", " + cell.ourPrefix(1) + "]\n";
    }

    private static void untilExchanged(Cell cell) {
        cell.untilUp();
        Cell.until("we have theirs", () -> cell.count(LabSession.IPV4, "received") == 1);
        Cell.until("they have ours", () -> cell.foreign.received(cell.session, LabSession.IPV4) == 2);
    }

    @Feature(row = 7, value = "kill -9 of either side without graceful restart: its routes go, and come back with it")
    void death_without_graceful_restart(Cell cell) throws Exception {
        cell.ownPop(announcing(cell));
        cell.session.exportsOwnOnly = true;
        cell.foreign.routes.add(LabRoute.to(cell.theirPrefix(0)));
        cell.start();
        untilExchanged(cell);

        cell.foreign.kill();
        cell.untilDown();
        Cell.until(
                "their route is gone",
                () -> cell.pop()
                        .get("/routes?prefix=" + cell.theirPrefix(0).replace("/", "%2F"))
                        .path("routes")
                        .isEmpty());
        cell.foreign.start();
        untilExchanged(cell);

        cell.pop().kill();
        Cell.until("ours are gone there", () -> cell.foreign.received(cell.session, LabSession.IPV4) <= 0);
        assertThat(cell.foreign.isUp(cell.session)).isFalse();
        cell.pop().start();
        untilExchanged(cell);
    }

    @Feature(row = 8, value = "Long-lived graceful restart (RFC 9494) of theirs: kept after the Restart Time")
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

    @Feature(
            row = 9,
            value =
                    "Long-lived graceful restart of ours: our routes kept there after the Restart Time, until we are back")
    @Quirk(
            daemon = Kind.FRR,
            cannot = true,
            instead = true,
            directions = Direction.THEY_CONNECT,
            what = WAITS_FOR_US,
            rfc = "RFC 4271, 8.2.2")
    void our_long_lived_restart(Cell cell) throws Exception {
        cell.session.longLived = 100;
        cell.ownPop(restarting(cell));
        startToRestart(
                cell,
                "restart-time: 2s, long-lived: {ipv4-unicast: " + (theyWaitForUs(cell) ? SHORT_SECONDS : 100) + "s}");

        Instant ended = Instant.now();
        cell.pop().kill();
        Cell.until(
                "long-lived there",
                () -> LLGR_STALE
                        .matcher(cell.foreign.details(cell.session, cell.ourPrefix(0)))
                        .find());
        assertThat(cell.foreign.received(cell.session, LabSession.IPV4)).isEqualTo(2);

        cell.pop().start();
        if (theyWaitForUs(cell)) {
            assertUpOnlyAfter(ended, cell);
        }
        untilExchanged(cell);
        Cell.until(
                "stale no more there",
                () -> !LLGR_STALE
                        .matcher(cell.foreign.details(cell.session, cell.ourPrefix(0)))
                        .find());
    }

    private static boolean longLived(Cell cell) throws Exception {
        JsonNode family = cell.peer().at("/stale-routes/families/ipv4-unicast");
        return family.path("long-lived").asBoolean() && family.path("routes").asInt() == 1;
    }
}
