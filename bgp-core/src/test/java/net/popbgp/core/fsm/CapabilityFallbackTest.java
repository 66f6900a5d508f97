package net.popbgp.core.fsm;

import static net.popbgp.core.fsm.EventType.BGP_OPEN;
import static net.popbgp.core.fsm.EventType.IDLE_HOLD_TIMER_EXPIRES;
import static net.popbgp.core.fsm.EventType.KEEPALIVE_MSG;
import static net.popbgp.core.fsm.EventType.MANUAL_START;
import static net.popbgp.core.fsm.EventType.MANUAL_STOP;
import static net.popbgp.core.fsm.EventType.TCP_CONNECTION_FAILS;
import static net.popbgp.core.fsm.EventType.TCP_CR_ACKED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.message.OpenMessage;
import org.junit.jupiter.api.Test;

/** A peer that answers an OPEN with capabilities with 2/4 (RFC 5492, 3). */
class CapabilityFallbackTest {

    private static final FsmEvent REFUSAL = new FsmEvent.Notification(new NotificationMessage(2, 4));

    private final SessionFsm fsm = Fsms.fsm(Fsms.config(false, 0, 0), Fsms.idleHold());

    /** {@return whether the OPEN on a new connection has capabilities} */
    private boolean offersCapabilities() {
        List<FsmAction> actions = fsm.handle(Fsms.event(TCP_CR_ACKED));
        return actions.stream()
                .filter(FsmAction.Send.class::isInstance)
                .map(action -> (OpenMessage) ((FsmAction.Send) action).message())
                .anyMatch(open -> !open.capabilities().isEmpty());
    }

    private void refusedAndTriedAgain() {
        fsm.handle(REFUSAL);
        assertThat(fsm.state()).as("it waits before it tries again").isEqualTo(FsmState.IDLE);
        fsm.handle(Fsms.event(IDLE_HOLD_TIMER_EXPIRES));
    }

    @Test
    void the_next_open_has_none_and_the_session_is_made_without() {
        fsm.handle(Fsms.event(MANUAL_START));
        assertThat(offersCapabilities()).isTrue();
        refusedAndTriedAgain();

        assertThat(offersCapabilities()).isFalse();
        fsm.handle(Fsms.event(BGP_OPEN));
        fsm.handle(Fsms.event(KEEPALIVE_MSG));
        assertThat(fsm.state()).isEqualTo(FsmState.ESTABLISHED);

        fsm.handle(Fsms.event(TCP_CONNECTION_FAILS));
        assertThat(offersCapabilities())
                .as("the peer is known not to take them")
                .isFalse();
    }

    @Test
    void three_failures_without_them_lead_back_to_capabilities() {
        fsm.handle(Fsms.event(MANUAL_START));
        assertThat(offersCapabilities()).isTrue();
        for (int i = 0; i < 3; i++) {
            refusedAndTriedAgain();
            assertThat(offersCapabilities()).isFalse();
        }
        refusedAndTriedAgain();

        assertThat(offersCapabilities()).isTrue();
    }

    @Test
    void the_operators_start_leads_back_to_capabilities() {
        fsm.handle(Fsms.event(MANUAL_START));
        assertThat(offersCapabilities()).isTrue();
        refusedAndTriedAgain();
        fsm.handle(Fsms.event(MANUAL_STOP));
        fsm.handle(Fsms.event(MANUAL_START));

        assertThat(offersCapabilities()).isTrue();
    }

    @Test
    void where_something_needs_them_they_stay() {
        FsmConfig plain = Fsms.config(false, 0, 0);
        FsmConfig demanding = new FsmConfig(
                plain.localAs(),
                plain.remoteAs(),
                plain.routerId(),
                plain.holdTime(),
                plain.keepaliveTime(),
                plain.minHoldTime(),
                plain.passive(),
                plain.connectRetryTime(),
                plain.delayOpenTime(),
                plain.openHoldTime(),
                plain.idleHoldTime(),
                plain.maxIdleHoldTime(),
                plain.stableTime(),
                plain.sendHoldTime(),
                plain.capabilities(),
                new OpenRequirements(java.util.Set.of(), java.util.Set.of(2), false));
        CapabilityFallback fallback = new CapabilityFallback(demanding);
        fallback.refused();

        assertThat(fallback.isActive()).isFalse();
    }
}
