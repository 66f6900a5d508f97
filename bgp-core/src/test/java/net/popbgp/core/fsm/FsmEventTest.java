package net.popbgp.core.fsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Optional;
import net.popbgp.core.message.NotificationMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FsmEventTest {

    @ParameterizedTest
    @EnumSource(
            value = EventType.class,
            names = {
                "MANUAL_STOP",
                "AUTOMATIC_STOP",
                "BGP_OPEN",
                "BGP_OPEN_WITH_DELAY_OPEN_TIMER_RUNNING",
                "BGP_HEADER_ERR",
                "BGP_OPEN_MSG_ERR",
                "UPDATE_MSG_ERR",
                "NOTIF_MSG_VER_ERR",
                "NOTIF_MSG"
            })
    void an_event_with_content_cannot_be_made_without_it(EventType type) {
        assertThatIllegalArgumentException().isThrownBy(() -> FsmEvent.of(type)).withMessageContaining(type.name());
    }

    @Test
    void content_of_another_event_is_refused() {
        NotificationMessage cease = NotificationMessage.cease(2);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FsmEvent.Stop(EventType.BGP_OPEN, Optional.of(cease), "", false))
                .withMessageContaining("BGP_OPEN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FsmEvent.MessageError(EventType.NOTIF_MSG, cease, ""))
                .withMessageContaining("NOTIF_MSG");
    }

    @Test
    void a_version_error_is_event_24_and_any_other_notification_25() {
        assertThat(new FsmEvent.Notification(new NotificationMessage(2, 1))
                        .type()
                        .number())
                .isEqualTo(24);
        assertThat(new FsmEvent.Notification(new NotificationMessage(2, 2))
                        .type()
                        .number())
                .isEqualTo(25);
    }
}
