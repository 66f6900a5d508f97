package net.popbgp.core.fsm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Any events in any order: what must hold after each of them. */
class SessionFsmWalkTest {

    private static final Map<FsmState, Set<FsmTimer>> ALLOWED = new EnumMap<>(FsmState.class);

    static {
        ALLOWED.put(FsmState.IDLE, EnumSet.of(FsmTimer.IDLE_HOLD));
        ALLOWED.put(FsmState.CONNECT, EnumSet.of(FsmTimer.CONNECT_RETRY, FsmTimer.DELAY_OPEN));
        ALLOWED.put(FsmState.ACTIVE, EnumSet.of(FsmTimer.CONNECT_RETRY, FsmTimer.DELAY_OPEN));
        ALLOWED.put(FsmState.OPEN_SENT, EnumSet.of(FsmTimer.HOLD));
        ALLOWED.put(FsmState.OPEN_CONFIRM, EnumSet.of(FsmTimer.HOLD, FsmTimer.KEEPALIVE));
        ALLOWED.put(
                FsmState.ESTABLISHED,
                EnumSet.of(FsmTimer.HOLD, FsmTimer.KEEPALIVE, FsmTimer.SEND_HOLD, FsmTimer.STABLE));
    }

    @Test
    void a_random_walk_breaks_no_invariant() {
        long seed = new Random().nextLong();
        System.out.println("SessionFsmWalkTest seed=" + seed);
        Random random = new Random(seed);
        for (int walk = 0; walk < 40; walk++) {
            boolean passive = random.nextInt(4) == 0;
            int delayOpen = random.nextInt(3) == 0 ? 5 : 0;
            new Walk(passive, delayOpen, "seed " + seed + " walk " + walk).run(random, 2_000);
        }
    }

    /** A machine and what a runner of its actions would know. */
    private static final class Walk {
        private final SessionFsm fsm;
        private final String name;
        private final Set<FsmTimer> running = EnumSet.noneOf(FsmTimer.class);
        private FsmState state = FsmState.IDLE;
        private boolean up;

        Walk(boolean passive, int delayOpen, String name) {
            FsmConfig config = Fsms.config(passive, delayOpen, 480);
            this.fsm = new SessionFsm(config, Fsms.idleHold(), new CapabilityFallback(config), new Random(1));
            this.name = name;
        }

        void run(Random random, int steps) {
            for (int step = 0; step < steps; step++) {
                FsmEvent event = next(random);
                running.removeIf(timer -> timer.expiry() == event.type());
                List<FsmAction> actions = fsm.handle(event);
                apply(actions, event);
                check(event);
            }
        }

        /** Mostly the event that leads on, so that Established is reached often. */
        private FsmEvent next(Random random) {
            List<EventType> onward = new ArrayList<>();
            switch (fsm.state()) {
                case IDLE -> onward.addAll(List.of(EventType.IDLE_HOLD_TIMER_EXPIRES, EventType.MANUAL_START));
                case CONNECT -> onward.addAll(List.of(EventType.TCP_CR_ACKED, EventType.DELAY_OPEN_TIMER_EXPIRES));
                case ACTIVE ->
                    onward.addAll(List.of(EventType.TCP_CONNECTION_CONFIRMED, EventType.DELAY_OPEN_TIMER_EXPIRES));
                case OPEN_SENT -> onward.add(EventType.BGP_OPEN);
                case OPEN_CONFIRM, ESTABLISHED -> onward.add(EventType.KEEPALIVE_MSG);
            }
            EventType type = random.nextInt(3) > 0
                    ? onward.get(random.nextInt(onward.size()))
                    : EventType.values()[random.nextInt(EventType.values().length)];
            if (type == EventType.BGP_OPEN && random.nextInt(3) == 0) {
                return new FsmEvent.Open(Fsms.remoteOpen(random.nextInt(4)));
            }
            return Fsms.event(type);
        }

        private void apply(List<FsmAction> actions, FsmEvent event) {
            boolean dropped = false;
            for (FsmAction action : actions) {
                if (action instanceof FsmAction.StartTimer start) {
                    assertThat(start.duration()).as(name).isPositive();
                    running.add(start.timer());
                } else if (action instanceof FsmAction.StopTimer stop) {
                    assertThat(running.remove(stop.timer())).as(name + stop).isTrue();
                } else if (action instanceof FsmAction.StateChanged change) {
                    assertThat(change.from()).as(name).isEqualTo(state).isNotEqualTo(change.to());
                    state = change.to();
                } else if (action instanceof FsmAction.SessionUp) {
                    assertThat(up).as(name).isFalse();
                    up = true;
                } else if (action instanceof FsmAction.SessionDown) {
                    assertThat(up).as(name).isTrue();
                    up = false;
                } else if (action instanceof FsmAction.Dial) {
                    assertThat(state).as(name).isEqualTo(FsmState.CONNECT);
                } else if (action instanceof FsmAction.DropConnection) {
                    dropped = true;
                } else if (action instanceof FsmAction.Send) {
                    assertThat(dropped).as(name).isFalse();
                    assertThat(event).as(name).isNotInstanceOf(FsmEvent.Notification.class);
                }
            }
        }

        private void check(FsmEvent event) {
            String where = name + " after " + event;
            assertThat(fsm.state()).as(where).isEqualTo(state);
            assertThat(up).as(where).isEqualTo(state == FsmState.ESTABLISHED);
            assertThat(ALLOWED.get(state)).as(where).containsAll(running);
            if (state == FsmState.CONNECT) {
                assertThat(running).as(where).hasSize(1);
            }
        }
    }
}
