package net.popbgp.daemon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Chapter(number = 1, title = "TCP MD5 and GTSM")
@Execution(ExecutionMode.CONCURRENT)
class AuthenticationFeatures {

    private static final String KEY = "InteropKey1";
    private static final String OTHER_KEY = "InteropKey2";

    @Feature(row = 1, value = "MD5 (RFC 2385), the same key on both sides")
    void right_key(Cell cell) throws Exception {
        cell.session.password = KEY;
        cell.key(KEY).start();

        cell.untilUp();
    }

    @Feature(row = 2, value = "MD5, different keys: no session, and we say why")
    void wrong_key(Cell cell) throws Exception {
        cell.session.password = OTHER_KEY;
        cell.key(KEY).start();

        keepsDown(cell, "MD5");
    }

    @Feature(row = 3, value = "MD5, no key on their side: no session, and we say why")
    void no_key_on_their_side(Cell cell) throws Exception {
        cell.key(KEY).start();

        keepsDown(cell, "MD5");
    }

    @Feature(row = 4, value = "MD5, no key on our side: no session, and we say why")
    void no_key_on_our_side(Cell cell) throws Exception {
        cell.session.password = KEY;
        cell.start();

        keepsDown(cell, "MD5");
    }

    @Feature(row = 5, value = "MD5, key changed on both sides while Established")
    void key_changed_live(Cell cell) throws Exception {
        cell.session.password = KEY;
        cell.key(KEY).start();
        cell.untilUp();

        cell.key(OTHER_KEY).reloadOurs();
        cell.untilDown();
        cell.session.password = OTHER_KEY;
        cell.foreign.reload();

        cell.untilUp();
    }

    @Feature(row = 6, value = "GTSM (RFC 5082) on both sides")
    void ttl_security_on_both_sides(Cell cell) throws Exception {
        cell.session.ttlSecurity = true;
        cell.set("ttl-security", "1").start();

        cell.untilUp();
    }

    @Feature(row = 7, value = "GTSM on our side alone: their packets with TTL 1 do not count")
    void ttl_security_on_our_side_alone(Cell cell) throws Exception {
        cell.set("ttl-security", "1").start();

        Cell.until("we say GTSM", () -> cell.peer().path("diagnosis").asText().contains("TTL too low for GTSM"));
        assertThat(cell.peer().path("established-count").asInt()).isZero();
    }

    private static void keepsDown(Cell cell, String diagnosis) throws Exception {
        Cell.until(
                "we say " + diagnosis,
                () -> cell.peer().path("diagnosis").asText().contains(diagnosis));
        assertThat(cell.peer().path("established-count").asInt()).isZero();
        Cell.until("they say so, too", () -> !cell.foreign.isUp(cell.session));
    }
}
