package net.popbgp.core.fsm;

import static net.popbgp.core.fsm.EventType.AUTOMATIC_STOP;
import static net.popbgp.core.fsm.EventType.BGP_OPEN;
import static net.popbgp.core.fsm.EventType.CONNECT_RETRY_TIMER_EXPIRES;
import static net.popbgp.core.fsm.EventType.KEEPALIVE_MSG;
import static net.popbgp.core.fsm.EventType.MANUAL_START;
import static net.popbgp.core.fsm.EventType.MANUAL_STOP;
import static net.popbgp.core.fsm.EventType.TCP_CONNECTION_CONFIRMED;
import static net.popbgp.core.fsm.EventType.TCP_CONNECTION_FAILS;
import static net.popbgp.core.fsm.EventType.TCP_CR_ACKED;
import static net.popbgp.core.fsm.Fsms.after;
import static net.popbgp.core.fsm.Fsms.config;
import static net.popbgp.core.fsm.Fsms.event;
import static net.popbgp.core.fsm.Fsms.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** RFC 4271, 8.2.2, state by state. A row is: event | ConnectRetryCounter afterwards, 1 before | actions. */
class SessionFsmTest {

    /** The start events, which mean nothing once started, and the news of a second connection. */
    private static final String IGNORED_WHEN_STARTED = """
            MANUAL_START | 1 |
            AUTOMATIC_START | 1 |
            MANUAL_START_WITH_PASSIVE_TCP_ESTABLISHMENT | 1 |
            AUTOMATIC_START_WITH_PASSIVE_TCP_ESTABLISHMENT | 1 |
            AUTOMATIC_START_WITH_DAMP_PEER_OSCILLATIONS | 1 |
            AUTOMATIC_START_WITH_DAMP_PEER_OSCILLATIONS_AND_PASSIVE_TCP_ESTABLISHMENT | 1 |
            TCP_CONNECTION_VALID | 1 |
            TCP_CR_INVALID | 1 |
            IDLE_HOLD_TIMER_EXPIRES | 1 |
            """;

    private static SessionFsm run(boolean passive, int delayOpen, EventType... events) {
        return after(
                config(passive, delayOpen, 480),
                Arrays.stream(events).map(Fsms::event).toArray(FsmEvent[]::new));
    }

    /** {@return a test for every row, and one that there is a row for every event} */
    private static Stream<DynamicTest> table(FsmState state, Supplier<SessionFsm> machine, String... rows) {
        List<String[]> cells = Arrays.stream(rows)
                .flatMap(String::lines)
                .map(line -> line.split("\\|", -1))
                .toList();
        DynamicTest complete = DynamicTest.dynamicTest("every_event_has_a_row", () -> {
            Set<EventType> seen = EnumSet.noneOf(EventType.class);
            cells.forEach(row -> assertThat(seen.add(EventType.valueOf(row[0].strip())))
                    .as(row[0])
                    .isTrue());
            seen.add(EventType.BGP_OPEN_WITH_DELAY_OPEN_TIMER_RUNNING);
            assertThat(EnumSet.complementOf(EnumSet.copyOf(seen))).isEmpty();
        });
        return Stream.concat(
                Stream.of(complete),
                cells.stream().map(row -> DynamicTest.dynamicTest(row[0].strip(), () -> check(state, machine, row))));
    }

    private static void check(FsmState state, Supplier<SessionFsm> machine, String[] row) {
        SessionFsm fsm = machine.get();
        assertThat(fsm.state()).isEqualTo(state);
        assertThat(fsm.connectRetryCounter()).isEqualTo(1);

        List<FsmAction> actions = fsm.handle(event(EventType.valueOf(row[0].strip())));

        assertThat(text(actions)).isEqualTo(row[2].strip());
        assertThat(fsm.connectRetryCounter()).isEqualTo(Integer.parseInt(row[1].strip()));
        FsmState expected = state;
        for (FsmAction action : actions) {
            expected = action instanceof FsmAction.StateChanged change ? change.to() : expected;
        }
        assertThat(fsm.state()).isEqualTo(expected);
    }

    private static SessionFsm connect(int delayOpen) {
        return run(
                false,
                delayOpen,
                MANUAL_START,
                TCP_CONNECTION_FAILS,
                TCP_CONNECTION_FAILS,
                CONNECT_RETRY_TIMER_EXPIRES);
    }

    private static SessionFsm active(int delayOpen) {
        return run(false, delayOpen, MANUAL_START, TCP_CONNECTION_FAILS, TCP_CONNECTION_FAILS);
    }

    private static SessionFsm then(SessionFsm fsm, EventType... events) {
        for (EventType type : events) {
            fsm.handle(event(type));
        }
        return fsm;
    }

    @Nested
    class Idle {

        private static final String IGNORED = """
                AUTOMATIC_STOP | 1 |
                CONNECT_RETRY_TIMER_EXPIRES | 1 |
                HOLD_TIMER_EXPIRES | 1 |
                KEEPALIVE_TIMER_EXPIRES | 1 |
                DELAY_OPEN_TIMER_EXPIRES | 1 |
                SEND_HOLD_TIMER_EXPIRES | 1 |
                STABLE_TIMER_EXPIRES | 1 |
                TCP_CONNECTION_VALID | 1 |
                TCP_CR_INVALID | 1 |
                TCP_CR_ACKED | 1 | drop
                TCP_CONNECTION_CONFIRMED | 1 | drop
                TCP_CONNECTION_FAILS | 1 |
                BGP_OPEN | 1 |
                BGP_HEADER_ERR | 1 |
                BGP_OPEN_MSG_ERR | 1 |
                OPEN_COLLISION_DUMP | 1 |
                NOTIF_MSG_VER_ERR | 1 |
                NOTIF_MSG | 1 |
                KEEPALIVE_MSG | 1 |
                UPDATE_MSG | 1 |
                UPDATE_MSG_ERR | 1 |
                ROUTE_REFRESH_MSG | 1 |
                """;

        @TestFactory
        Stream<DynamicTest> with_the_idle_hold_timer_running() {
            return table(FsmState.IDLE, () -> run(false, 0, MANUAL_START, AUTOMATIC_STOP), IGNORED, """
                    MANUAL_START | 0 | IDLE_HOLD=off; Idle>Connect; CONNECT_RETRY=90; dial
                    AUTOMATIC_START | 0 | IDLE_HOLD=off; Idle>Connect; CONNECT_RETRY=90; dial
                    MANUAL_START_WITH_PASSIVE_TCP_ESTABLISHMENT | 0 | IDLE_HOLD=off; Idle>Active
                    AUTOMATIC_START_WITH_PASSIVE_TCP_ESTABLISHMENT | 0 | IDLE_HOLD=off; Idle>Active
                    AUTOMATIC_START_WITH_DAMP_PEER_OSCILLATIONS | 1 |
                    AUTOMATIC_START_WITH_DAMP_PEER_OSCILLATIONS_AND_PASSIVE_TCP_ESTABLISHMENT | 1 |
                    IDLE_HOLD_TIMER_EXPIRES | 1 | Idle>Connect; CONNECT_RETRY=90; dial
                    MANUAL_STOP | 0 | IDLE_HOLD=off
                    """);
        }

        @Test
        void a_new_machine_is_idle_and_stays_so_until_started() {
            SessionFsm fsm = run(false, 0);

            assertThat(fsm.state()).isEqualTo(FsmState.IDLE);
            assertThat(fsm.handle(event(EventType.IDLE_HOLD_TIMER_EXPIRES))).isEmpty();
            assertThat(fsm.handle(event(MANUAL_STOP))).isEmpty();
            assertThat(fsm.connectRetryCounter()).isZero();
        }

        @Test
        void a_damped_start_starts_where_nothing_is_damped() {
            assertThat(text(run(false, 0).handle(event(EventType.AUTOMATIC_START_WITH_DAMP_PEER_OSCILLATIONS))))
                    .isEqualTo("Idle>Connect; CONNECT_RETRY=90; dial");
            assertThat(
                            text(
                                    run(false, 0)
                                            .handle(
                                                    event(
                                                            EventType
                                                                    .AUTOMATIC_START_WITH_DAMP_PEER_OSCILLATIONS_AND_PASSIVE_TCP_ESTABLISHMENT))))
                    .isEqualTo("Idle>Active");
        }

        @Test
        void a_manual_stop_stays_down() {
            SessionFsm fsm = then(run(false, 0, MANUAL_START, TCP_CR_ACKED), MANUAL_STOP);

            assertThat(fsm.state()).isEqualTo(FsmState.IDLE);
            assertThat(fsm.handle(event(EventType.IDLE_HOLD_TIMER_EXPIRES))).isEmpty();
        }
    }

    @Nested
    class Connect {

        @TestFactory
        Stream<DynamicTest> while_dialing() {
            return table(FsmState.CONNECT, () -> connect(0), IGNORED_WHEN_STARTED, """
                    MANUAL_STOP | 0 | drop; CONNECT_RETRY=off; Connect>Idle(LOCAL_STOP)
                    AUTOMATIC_STOP | 2 | drop; CONNECT_RETRY=off; Connect>Idle(LOCAL_STOP); IDLE_HOLD=3
                    CONNECT_RETRY_TIMER_EXPIRES | 1 | drop; CONNECT_RETRY=90; dial
                    HOLD_TIMER_EXPIRES | 1 |
                    KEEPALIVE_TIMER_EXPIRES | 1 |
                    DELAY_OPEN_TIMER_EXPIRES | 1 |
                    SEND_HOLD_TIMER_EXPIRES | 1 |
                    STABLE_TIMER_EXPIRES | 1 |
                    TCP_CR_ACKED | 1 | CONNECT_RETRY=off; OPEN; Connect>OpenSent; HOLD=240
                    TCP_CONNECTION_CONFIRMED | 1 | CONNECT_RETRY=off; OPEN; Connect>OpenSent; HOLD=240
                    TCP_CONNECTION_FAILS | 1 | drop; Connect>Active(CONNECTION_LOST); CONNECT_RETRY=90
                    BGP_OPEN | 2 | drop; CONNECT_RETRY=off; Connect>Idle(LOCAL_STOP); IDLE_HOLD=3
                    BGP_HEADER_ERR | 2 | drop; CONNECT_RETRY=off; Connect>Idle(LOCAL_STOP); IDLE_HOLD=3
                    BGP_OPEN_MSG_ERR | 2 | drop; CONNECT_RETRY=off; Connect>Idle(LOCAL_STOP); IDLE_HOLD=3
                    OPEN_COLLISION_DUMP | 2 | drop; CONNECT_RETRY=off; Connect>Idle(LOCAL_STOP); IDLE_HOLD=3
                    NOTIF_MSG_VER_ERR | 2 | drop; CONNECT_RETRY=off; Connect>Idle(NOTIFICATION_RECEIVED); IDLE_HOLD=3
                    NOTIF_MSG | 2 | drop; CONNECT_RETRY=off; Connect>Idle(NOTIFICATION_RECEIVED); IDLE_HOLD=3
                    KEEPALIVE_MSG | 2 | drop; CONNECT_RETRY=off; Connect>Idle(LOCAL_STOP); IDLE_HOLD=3
                    UPDATE_MSG | 2 | drop; CONNECT_RETRY=off; Connect>Idle(LOCAL_STOP); IDLE_HOLD=3
                    UPDATE_MSG_ERR | 2 | drop; CONNECT_RETRY=off; Connect>Idle(LOCAL_STOP); IDLE_HOLD=3
                    ROUTE_REFRESH_MSG | 2 | drop; CONNECT_RETRY=off; Connect>Idle(LOCAL_STOP); IDLE_HOLD=3
                    """);
        }

        @TestFactory
        Stream<DynamicTest> with_the_delay_open_timer_running() {
            return table(
                    FsmState.CONNECT,
                    () -> then(connect(5), TCP_CR_ACKED),
                    IGNORED_WHEN_STARTED,
                    delayOpenRows("Connect"),
                    "TCP_CONNECTION_FAILS | 1 | drop; DELAY_OPEN=off; Connect>Active(CONNECTION_LOST); CONNECT_RETRY=90");
        }
    }

    private static String delayOpenRows(String state) {
        return """
                MANUAL_STOP | 0 | N6/2; drop; DELAY_OPEN=off; %1$s>Idle(LOCAL_STOP)
                AUTOMATIC_STOP | 2 | N6/4; drop; DELAY_OPEN=off; %1$s>Idle(LOCAL_STOP); IDLE_HOLD=3
                CONNECT_RETRY_TIMER_EXPIRES | 1 |
                HOLD_TIMER_EXPIRES | 1 |
                KEEPALIVE_TIMER_EXPIRES | 1 |
                DELAY_OPEN_TIMER_EXPIRES | 1 | OPEN; %1$s>OpenSent; HOLD=240
                SEND_HOLD_TIMER_EXPIRES | 1 |
                STABLE_TIMER_EXPIRES | 1 |
                TCP_CR_ACKED | 1 | DELAY_OPEN=5
                TCP_CONNECTION_CONFIRMED | 1 | DELAY_OPEN=5
                BGP_OPEN | 1 | OPEN; KEEPALIVE; negotiated; DELAY_OPEN=off; %1$s>OpenConfirm; HOLD=30; KEEPALIVE=10
                BGP_HEADER_ERR | 2 | N1/2; drop; DELAY_OPEN=off; %1$s>Idle(NOTIFICATION_SENT); IDLE_HOLD=3
                BGP_OPEN_MSG_ERR | 2 | N2/4; drop; DELAY_OPEN=off; %1$s>Idle(NOTIFICATION_SENT); IDLE_HOLD=3
                OPEN_COLLISION_DUMP | 2 | N6/7; drop; DELAY_OPEN=off; %1$s>Idle(NOTIFICATION_SENT); IDLE_HOLD=3
                NOTIF_MSG_VER_ERR | 1 | drop; DELAY_OPEN=off; %1$s>Idle(NOTIFICATION_RECEIVED); IDLE_HOLD=3
                NOTIF_MSG | 2 | drop; DELAY_OPEN=off; %1$s>Idle(NOTIFICATION_RECEIVED); IDLE_HOLD=3
                KEEPALIVE_MSG | 2 | drop; DELAY_OPEN=off; %1$s>Idle(LOCAL_STOP); IDLE_HOLD=3
                UPDATE_MSG | 2 | drop; DELAY_OPEN=off; %1$s>Idle(LOCAL_STOP); IDLE_HOLD=3
                UPDATE_MSG_ERR | 2 | drop; DELAY_OPEN=off; %1$s>Idle(LOCAL_STOP); IDLE_HOLD=3
                ROUTE_REFRESH_MSG | 2 | drop; DELAY_OPEN=off; %1$s>Idle(LOCAL_STOP); IDLE_HOLD=3
                """.formatted(state);
    }

    @Nested
    class Active {

        @TestFactory
        Stream<DynamicTest> without_a_connection() {
            return table(FsmState.ACTIVE, () -> active(0), IGNORED_WHEN_STARTED, """
                    MANUAL_STOP | 0 | drop; CONNECT_RETRY=off; Active>Idle(LOCAL_STOP)
                    AUTOMATIC_STOP | 2 | drop; CONNECT_RETRY=off; Active>Idle(LOCAL_STOP); IDLE_HOLD=3
                    CONNECT_RETRY_TIMER_EXPIRES | 1 | Active>Connect; CONNECT_RETRY=90; dial
                    HOLD_TIMER_EXPIRES | 1 |
                    KEEPALIVE_TIMER_EXPIRES | 1 |
                    DELAY_OPEN_TIMER_EXPIRES | 1 |
                    SEND_HOLD_TIMER_EXPIRES | 1 |
                    STABLE_TIMER_EXPIRES | 1 |
                    TCP_CR_ACKED | 1 | CONNECT_RETRY=off; OPEN; Active>OpenSent; HOLD=240
                    TCP_CONNECTION_CONFIRMED | 1 | CONNECT_RETRY=off; OPEN; Active>OpenSent; HOLD=240
                    TCP_CONNECTION_FAILS | 2 | drop; CONNECT_RETRY=90
                    BGP_OPEN | 2 | drop; CONNECT_RETRY=off; Active>Idle(LOCAL_STOP); IDLE_HOLD=3
                    BGP_HEADER_ERR | 2 | drop; CONNECT_RETRY=off; Active>Idle(LOCAL_STOP); IDLE_HOLD=3
                    BGP_OPEN_MSG_ERR | 2 | drop; CONNECT_RETRY=off; Active>Idle(LOCAL_STOP); IDLE_HOLD=3
                    OPEN_COLLISION_DUMP | 2 | drop; CONNECT_RETRY=off; Active>Idle(LOCAL_STOP); IDLE_HOLD=3
                    NOTIF_MSG_VER_ERR | 2 | drop; CONNECT_RETRY=off; Active>Idle(NOTIFICATION_RECEIVED); IDLE_HOLD=3
                    NOTIF_MSG | 2 | drop; CONNECT_RETRY=off; Active>Idle(NOTIFICATION_RECEIVED); IDLE_HOLD=3
                    KEEPALIVE_MSG | 2 | drop; CONNECT_RETRY=off; Active>Idle(LOCAL_STOP); IDLE_HOLD=3
                    UPDATE_MSG | 2 | drop; CONNECT_RETRY=off; Active>Idle(LOCAL_STOP); IDLE_HOLD=3
                    UPDATE_MSG_ERR | 2 | drop; CONNECT_RETRY=off; Active>Idle(LOCAL_STOP); IDLE_HOLD=3
                    ROUTE_REFRESH_MSG | 2 | drop; CONNECT_RETRY=off; Active>Idle(LOCAL_STOP); IDLE_HOLD=3
                    """);
        }

        @TestFactory
        Stream<DynamicTest> with_the_delay_open_timer_running() {
            return table(
                    FsmState.ACTIVE,
                    () -> then(active(5), TCP_CONNECTION_CONFIRMED),
                    IGNORED_WHEN_STARTED,
                    delayOpenRows("Active"),
                    "TCP_CONNECTION_FAILS | 2 | drop; DELAY_OPEN=off; CONNECT_RETRY=90");
        }

        @Test
        void a_passive_machine_never_dials() {
            SessionFsm fsm = run(true, 0);

            assertThat(text(fsm.handle(event(MANUAL_START)))).isEqualTo("Idle>Active");
            assertThat(text(fsm.handle(event(TCP_CONNECTION_FAILS)))).isEqualTo("drop");
            assertThat(fsm.handle(event(CONNECT_RETRY_TIMER_EXPIRES))).isEmpty();
            assertThat(text(fsm.handle(event(TCP_CONNECTION_CONFIRMED)))).isEqualTo("OPEN; Active>OpenSent; HOLD=240");
            assertThat(text(fsm.handle(event(TCP_CONNECTION_FAILS))))
                    .isEqualTo("drop; HOLD=off; OpenSent>Active(CONNECTION_LOST)");
        }
    }

    @Nested
    class OpenSent {

        @TestFactory
        Stream<DynamicTest> every_event() {
            return table(FsmState.OPEN_SENT, () -> then(connect(0), TCP_CR_ACKED), IGNORED_WHEN_STARTED, """
                    MANUAL_STOP | 0 | N6/2; drop; HOLD=off; OpenSent>Idle(LOCAL_STOP)
                    AUTOMATIC_STOP | 2 | N6/4; drop; HOLD=off; OpenSent>Idle(LOCAL_STOP); IDLE_HOLD=3
                    CONNECT_RETRY_TIMER_EXPIRES | 1 |
                    HOLD_TIMER_EXPIRES | 2 | N4/0; drop; OpenSent>Idle(HOLD_TIMER_EXPIRED); IDLE_HOLD=3
                    KEEPALIVE_TIMER_EXPIRES | 1 |
                    DELAY_OPEN_TIMER_EXPIRES | 1 |
                    SEND_HOLD_TIMER_EXPIRES | 1 |
                    STABLE_TIMER_EXPIRES | 1 |
                    TCP_CR_ACKED | 1 |
                    TCP_CONNECTION_CONFIRMED | 1 |
                    TCP_CONNECTION_FAILS | 1 | drop; HOLD=off; OpenSent>Active(CONNECTION_LOST); CONNECT_RETRY=90
                    BGP_OPEN | 1 | KEEPALIVE; negotiated; OpenSent>OpenConfirm; HOLD=30; KEEPALIVE=10
                    BGP_HEADER_ERR | 2 | N1/2; drop; HOLD=off; OpenSent>Idle(NOTIFICATION_SENT); IDLE_HOLD=3
                    BGP_OPEN_MSG_ERR | 2 | N2/4; drop; HOLD=off; OpenSent>Idle(NOTIFICATION_SENT); IDLE_HOLD=3
                    OPEN_COLLISION_DUMP | 2 | N6/7; drop; HOLD=off; OpenSent>Idle(NOTIFICATION_SENT); IDLE_HOLD=3
                    NOTIF_MSG_VER_ERR | 1 | drop; HOLD=off; OpenSent>Idle(NOTIFICATION_RECEIVED); IDLE_HOLD=3
                    NOTIF_MSG | 2 | drop; HOLD=off; OpenSent>Idle(NOTIFICATION_RECEIVED); IDLE_HOLD=3
                    KEEPALIVE_MSG | 2 | N5/1:04; drop; HOLD=off; OpenSent>Idle(NOTIFICATION_SENT); IDLE_HOLD=3
                    UPDATE_MSG | 2 | N5/1:02; drop; HOLD=off; OpenSent>Idle(NOTIFICATION_SENT); IDLE_HOLD=3
                    UPDATE_MSG_ERR | 2 | N5/1:02; drop; HOLD=off; OpenSent>Idle(NOTIFICATION_SENT); IDLE_HOLD=3
                    ROUTE_REFRESH_MSG | 2 | N5/1:05; drop; HOLD=off; OpenSent>Idle(NOTIFICATION_SENT); IDLE_HOLD=3
                    """);
        }

        @Test
        void an_unacceptable_open_is_answered_with_its_notification() {
            SessionFsm fsm = run(false, 0, MANUAL_START, TCP_CR_ACKED);

            assertThat(text(fsm.handle(new FsmEvent.Open(Fsms.remoteOpen(2)))))
                    .isEqualTo("N2/6; drop; HOLD=off; OpenSent>Idle(NOTIFICATION_SENT); IDLE_HOLD=3");
        }

        @Test
        void a_hold_time_of_zero_runs_neither_hold_keepalive_nor_send_hold_timer() {
            SessionFsm fsm = run(false, 0, MANUAL_START, TCP_CR_ACKED);

            assertThat(text(fsm.handle(new FsmEvent.Open(Fsms.remoteOpen(0)))))
                    .isEqualTo("KEEPALIVE; negotiated; HOLD=off; OpenSent>OpenConfirm");
            assertThat(text(fsm.handle(event(KEEPALIVE_MSG)))).isEqualTo("OpenConfirm>Established; STABLE=300; up");
            assertThat(fsm.handle(event(KEEPALIVE_MSG))).isEmpty();
        }
    }

    @Nested
    class OpenConfirm {

        @TestFactory
        Stream<DynamicTest> every_event() {
            String end = "drop; HOLD=off; KEEPALIVE=off; OpenConfirm>Idle";
            return table(
                    FsmState.OPEN_CONFIRM,
                    () -> then(connect(0), TCP_CR_ACKED, BGP_OPEN),
                    IGNORED_WHEN_STARTED,
                    """
                    MANUAL_STOP | 0 | N6/2; %1$s(LOCAL_STOP)
                    AUTOMATIC_STOP | 2 | N6/4; %1$s(LOCAL_STOP); IDLE_HOLD=3
                    CONNECT_RETRY_TIMER_EXPIRES | 1 |
                    HOLD_TIMER_EXPIRES | 2 | N4/0; drop; KEEPALIVE=off; OpenConfirm>Idle(HOLD_TIMER_EXPIRED); IDLE_HOLD=3
                    KEEPALIVE_TIMER_EXPIRES | 1 | KEEPALIVE; KEEPALIVE=10
                    DELAY_OPEN_TIMER_EXPIRES | 1 |
                    SEND_HOLD_TIMER_EXPIRES | 1 |
                    STABLE_TIMER_EXPIRES | 1 |
                    TCP_CR_ACKED | 1 |
                    TCP_CONNECTION_CONFIRMED | 1 |
                    TCP_CONNECTION_FAILS | 2 | %1$s(CONNECTION_LOST); IDLE_HOLD=3
                    BGP_OPEN | 2 | N5/2:01; %1$s(NOTIFICATION_SENT); IDLE_HOLD=3
                    BGP_HEADER_ERR | 2 | N1/2; %1$s(NOTIFICATION_SENT); IDLE_HOLD=3
                    BGP_OPEN_MSG_ERR | 2 | N2/4; %1$s(NOTIFICATION_SENT); IDLE_HOLD=3
                    OPEN_COLLISION_DUMP | 2 | N6/7; %1$s(NOTIFICATION_SENT); IDLE_HOLD=3
                    NOTIF_MSG_VER_ERR | 1 | %1$s(NOTIFICATION_RECEIVED); IDLE_HOLD=3
                    NOTIF_MSG | 2 | %1$s(NOTIFICATION_RECEIVED); IDLE_HOLD=3
                    KEEPALIVE_MSG | 1 | OpenConfirm>Established; HOLD=30; SEND_HOLD=480; STABLE=300; up
                    UPDATE_MSG | 2 | N5/2:02; %1$s(NOTIFICATION_SENT); IDLE_HOLD=3
                    UPDATE_MSG_ERR | 2 | N5/2:02; %1$s(NOTIFICATION_SENT); IDLE_HOLD=3
                    ROUTE_REFRESH_MSG | 2 | N5/2:05; %1$s(NOTIFICATION_SENT); IDLE_HOLD=3
                    """.formatted(end));
        }
    }

    @Nested
    class Established {

        private SessionFsm established() {
            return then(connect(0), TCP_CR_ACKED, BGP_OPEN, KEEPALIVE_MSG);
        }

        /** The first failure of an Established session restarts at once. */
        private String end(String sent, String reason) {
            return "down(%2$s); %1$sdrop; HOLD=off; KEEPALIVE=off; SEND_HOLD=off; STABLE=off; Established>Idle(%2$s)"
                    .formatted(sent, reason);
        }

        private String restart(String sent, String reason) {
            return end(sent, reason) + "; Idle>Connect; CONNECT_RETRY=90; dial";
        }

        @TestFactory
        Stream<DynamicTest> every_event() {
            String down = "down(NOTIFICATION_SENT); ";
            String sent = restart("", "NOTIFICATION_SENT").replace(down, "");
            return table(
                    FsmState.ESTABLISHED,
                    this::established,
                    IGNORED_WHEN_STARTED,
                    "MANUAL_STOP | 0 | " + end("N6/2; ", "LOCAL_STOP"),
                    "AUTOMATIC_STOP | 2 | " + restart("N6/4; ", "LOCAL_STOP"),
                    "HOLD_TIMER_EXPIRES | 2 | "
                            + restart("N4/0; ", "HOLD_TIMER_EXPIRED").replace("HOLD=off; KEEP", "KEEP"),
                    "SEND_HOLD_TIMER_EXPIRES | 2 | "
                            + restart("N8/0; ", "SEND_HOLD_TIMER_EXPIRED").replace("SEND_HOLD=off; ", ""),
                    "TCP_CONNECTION_FAILS | 2 | " + restart("", "CONNECTION_LOST"),
                    "NOTIF_MSG_VER_ERR | 2 | " + restart("", "NOTIFICATION_RECEIVED"),
                    "NOTIF_MSG | 2 | " + restart("", "NOTIFICATION_RECEIVED"),
                    "OPEN_COLLISION_DUMP | 2 | " + end("N6/7; ", "NOTIFICATION_SENT") + "; IDLE_HOLD=3",
                    """
                    CONNECT_RETRY_TIMER_EXPIRES | 1 |
                    KEEPALIVE_TIMER_EXPIRES | 1 | KEEPALIVE; KEEPALIVE=10
                    DELAY_OPEN_TIMER_EXPIRES | 1 |
                    STABLE_TIMER_EXPIRES | 1 |
                    TCP_CR_ACKED | 1 |
                    TCP_CONNECTION_CONFIRMED | 1 |
                    BGP_OPEN | 2 | %1$sN5/3:01; %2$s
                    BGP_HEADER_ERR | 2 | %1$sN1/2; %2$s
                    BGP_OPEN_MSG_ERR | 2 | %1$sN5/3:01; %2$s
                    KEEPALIVE_MSG | 1 | HOLD=30
                    UPDATE_MSG | 1 | HOLD=30
                    UPDATE_MSG_ERR | 2 | %1$sN3/1; %2$s
                    ROUTE_REFRESH_MSG | 1 |
                    """.formatted(down, sent));
        }

        @Test
        void the_hot_path_answers_with_the_same_list_every_time() {
            SessionFsm fsm = established();
            FsmEvent update = event(EventType.UPDATE_MSG);

            assertThat(fsm.handle(update)).isSameAs(fsm.handle(update)).isSameAs(fsm.handle(event(KEEPALIVE_MSG)));
        }

        @Test
        void without_a_send_hold_time_the_timer_does_not_run() {
            SessionFsm fsm = after(config(false, 0, 0), event(MANUAL_START), event(TCP_CR_ACKED), event(BGP_OPEN));

            assertThat(text(fsm.handle(event(KEEPALIVE_MSG))))
                    .isEqualTo("OpenConfirm>Established; HOLD=30; STABLE=300; up");
        }

        @Test
        void a_peer_that_fails_right_after_every_reconnect_is_backed_off_until_a_session_is_stable() {
            IdleHold idleHold = Fsms.idleHold();
            SessionFsm fsm = Fsms.fsm(config(false, 0, 480), idleHold);
            fsm.handle(event(MANUAL_START));

            for (String wait : List.of("0", "3", "6", "12", "24", "48", "48")) {
                then(fsm, TCP_CR_ACKED, BGP_OPEN, KEEPALIVE_MSG);
                String actions = text(fsm.handle(event(EventType.UPDATE_MSG_ERR)));
                assertThat(actions).endsWith(wait.equals("0") ? "dial" : "; IDLE_HOLD=" + wait);
                fsm.handle(event(EventType.IDLE_HOLD_TIMER_EXPIRES));
            }
            then(fsm, TCP_CR_ACKED, BGP_OPEN, KEEPALIVE_MSG, EventType.STABLE_TIMER_EXPIRES);

            assertThat(idleHold.failures()).isZero();
            assertThat(text(fsm.handle(event(EventType.UPDATE_MSG_ERR)))).endsWith("dial");
        }

        @Test
        void a_lost_collision_leaves_the_peers_damping_alone() {
            IdleHold idleHold = Fsms.idleHold();
            SessionFsm loser = Fsms.fsm(config(false, 0, 480), idleHold);
            then(loser, MANUAL_START, TCP_CR_ACKED, BGP_OPEN, EventType.OPEN_COLLISION_DUMP);

            assertThat(idleHold.failures()).isZero();
        }

        @Test
        void a_forced_wait_holds_a_peer_that_is_over_its_prefix_limit() {
            IdleHold idleHold = Fsms.idleHold();
            SessionFsm fsm = Fsms.fsm(config(false, 0, 480), idleHold);
            then(fsm, MANUAL_START, TCP_CR_ACKED, BGP_OPEN, KEEPALIVE_MSG);

            idleHold.holdFor(Duration.ofMinutes(30));

            assertThat(text(fsm.handle(event(AUTOMATIC_STOP)))).endsWith("; IDLE_HOLD=1800");
        }
    }
}
