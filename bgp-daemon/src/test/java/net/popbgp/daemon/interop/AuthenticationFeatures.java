package net.popbgp.daemon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Chapter(number = 1, title = "TCP MD5 and GTSM")
@Execution(ExecutionMode.CONCURRENT)
class AuthenticationFeatures {

    private static final String KEY = "InteropKey1";

    @Feature(row = 1, value = "MD5 (RFC 2385), the same key on both sides")
    void right_key(Cell cell) throws Exception {
        cell.session.password = KEY;
        cell.key(KEY).start();

        cell.untilUp();
        assertThat(cell.peer().at("/config/md5").asBoolean()).isTrue();
    }
}
