package net.popbgp.daemon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Chapter(number = 5, title = "Prefix limits")
@Execution(ExecutionMode.CONCURRENT)
class LimitFeatures {

    private static final int LIMIT = 10;

    @Feature(row = 1, value = "Their limit for us: Cease 6/1 for one more, and up again when it is withdrawn")
    @Quirk(
            daemon = Kind.FRR,
            what = "ends the session at the second prefix over maximum-prefix: it looks before it counts")
    @Quirk(daemon = Kind.FRR, what = "counts the restart of maximum-prefix in minutes")
    @Quirk(
            daemon = Kind.GOBGP,
            what = "does not restart a session that its limit has ended; an operator must (`gobgp neighbor enable`)")
    void their_limit(Cell cell) throws Exception {
        cell.session.prefixLimit = LIMIT;
        cell.session.limitRestart = 1;
        cell.start().untilUp();
        for (int i = 0; i < LIMIT; i++) {
            cell.announce(LabRoute.to(cell.ourPrefix(i)));
        }
        Cell.until("they have all", () -> cell.foreign.received(cell.session, LabSession.IPV4) == LIMIT);
        assertThat(cell.peer().path("established-count").asInt()).isEqualTo(1);

        cell.announce(LabRoute.to(cell.ourPrefix(LIMIT)));
        if (cell.kind == Kind.FRR) {
            cell.announce(LabRoute.to(cell.ourPrefix(LIMIT + 1)));
        }
        Cell.until("Cease 6/1", () -> cell.peer().path("last-down").asText().contains("6/1"));

        cell.pop().withdraw(cell.ourPrefix(LIMIT), cell.ourPrefix(LIMIT + 1));
        if (cell.kind == Kind.GOBGP) {
            cell.foreign.enable(cell.session);
        }
        Cell.until("up again", Duration.ofSeconds(90), () -> cell.isUp() && cell.foreign.isUp(cell.session));
        Cell.until("they have all again", () -> cell.foreign.received(cell.session, LabSession.IPV4) == LIMIT);
    }

    @Feature(row = 2, value = "Our limit for them: Cease 6/1 for one more, held down, up again by itself")
    void our_limit(Cell cell) throws Exception {
        cell.set("prefix-limit", "{ipv4-unicast: {limit: " + LIMIT + ", restart: 2s}}");
        for (int i = 0; i < LIMIT; i++) {
            cell.foreign.routes.add(LabRoute.to(cell.theirPrefix(i)));
        }
        cell.start().untilUp();
        Cell.until("we have all", () -> cell.count(LabSession.IPV4, "received") == LIMIT);

        cell.foreign.routes.add(LabRoute.to(cell.theirPrefix(LIMIT)));
        cell.foreign.reload();
        Cell.until("Cease 6/1", () -> cell.peer().path("last-down").asText().contains("6/1"));
        Cell.until("held down", () -> cell.peer().path("diagnosis").asText().startsWith("held down"));

        cell.foreign.routes.remove(LIMIT);
        cell.foreign.reload();
        cell.untilUp();
        Cell.until("we have all again", () -> cell.count(LabSession.IPV4, "received") == LIMIT);
    }
}
