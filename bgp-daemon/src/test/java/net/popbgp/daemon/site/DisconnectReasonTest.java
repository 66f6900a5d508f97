package net.popbgp.daemon.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import net.popbgp.core.fsm.DownReason;
import net.popbgp.core.message.NotificationMessage;
import org.junit.jupiter.api.Test;

class DisconnectReasonTest {

    private static final NotificationMessage SHUTDOWN =
            NotificationMessage.cease(NotificationMessage.ADMINISTRATIVE_SHUTDOWN, "fibre works until 6");

    private static DisconnectReason reason(DownReason.Kind kind) {
        return DisconnectReason.of(new DownReason(kind, Optional.of(SHUTDOWN), ""));
    }

    @Test
    void the_cloud_s_shutdown_has_a_cause_at_the_cloud() {
        assertThat(reason(DownReason.Kind.NOTIFICATION_RECEIVED))
                .returns("6", DisconnectReason::code)
                .returns("2 cease: administrative shutdown", DisconnectReason::subcode)
                .returns("the peering was disabled or deleted", DisconnectReason::cause);
    }

    @Test
    void our_own_has_none_there() {
        assertThat(reason(DownReason.Kind.LOCAL_STOP))
                .returns("6", DisconnectReason::code)
                .returns("2 cease: administrative shutdown", DisconnectReason::subcode)
                .returns("", DisconnectReason::cause);
    }
}
