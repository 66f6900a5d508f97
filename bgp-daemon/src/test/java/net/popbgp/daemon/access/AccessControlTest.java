package net.popbgp.daemon.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.groups.Tuple.tuple;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.daemon.MovedClock;
import net.popbgp.daemon.event.Event;
import net.popbgp.daemon.event.EventField;
import net.popbgp.daemon.event.EventSubType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessControlTest {

    private static final String SECRET = "0123456789abcdef";
    private static final InetAddress HERE = IpAddresses.parse("192.0.2.7");

    private final MovedClock clock = new MovedClock(Instant.parse("2026-11-30T12:00:00Z"));
    private final List<Event> events = new ArrayList<>();
    private final Denials denials = new Denials(events::add, clock);
    private final AccessControl access = new AccessControl(
            List.of(
                    new AccessToken("alice", Role.OPERATOR, SECRET),
                    new AccessToken("grafana", Role.READ_ONLY, "fedcba9876543210")),
            denials,
            clock);

    private Denials.Reason refused(String authorization, String address) {
        AccessControl.Denied denied = catchThrowableOfType(
                AccessControl.Denied.class,
                () -> access.caller(authorization, IpAddresses.parse(address), "GET /api/v1/status"));
        return denied.reason();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer " + SECRET, "bearer  " + SECRET + " "})
    void a_right_token_says_who_calls(String authorization) throws Exception {
        assertThat(access.caller(authorization, HERE, "GET /")).isEqualTo(new Caller("alice", Role.OPERATOR));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer", "Basic " + SECRET, SECRET})
    void no_token_is_refused(String authorization) {
        assertThat(refused(authorization, "192.0.2.7")).isEqualTo(Denials.Reason.NO_TOKEN);
        assertThat(events).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer ", "Bearer 0123456789abcdeF", "Bearer 0123456789abcde", "Bearer 0123456789abcdef0"})
    void a_wrong_token_is_refused(String authorization) {
        assertThat(refused(authorization, "192.0.2.7")).isEqualTo(Denials.Reason.WRONG_TOKEN);
    }

    @Test
    void without_tokens_whoever_is_there_is_the_operator() throws Exception {
        access.follow(List.of());

        assertThat(access.caller("", HERE, "GET /")).isEqualTo(Caller.LOCAL);
    }

    @Test
    void after_a_reload_the_tokens_of_before_are_wrong() {
        access.follow(List.of(new AccessToken("alice", Role.OPERATOR, "another secret".replace(' ', '-') + "-42")));

        assertThat(refused("Bearer " + SECRET, "192.0.2.7")).isEqualTo(Denials.Reason.WRONG_TOKEN);
    }

    @Test
    void after_ten_wrong_tokens_an_address_has_one_try_a_second() throws Exception {
        for (int i = 0; i < Attempts.BURST; i++) {
            assertThat(refused("Bearer wrong" + i, "192.0.2.7")).isEqualTo(Denials.Reason.WRONG_TOKEN);
        }

        assertThat(refused("Bearer " + SECRET, "192.0.2.7")).isEqualTo(Denials.Reason.TOO_MANY);
        assertThat(access.caller("Bearer " + SECRET, IpAddresses.parse("192.0.2.8"), "GET /"))
                .isNotNull();
        clock.pass(Duration.ofSeconds(1));
        assertThat(refused("Bearer wrong", "192.0.2.7")).isEqualTo(Denials.Reason.WRONG_TOKEN);
        assertThat(refused("Bearer wrong", "192.0.2.7")).isEqualTo(Denials.Reason.TOO_MANY);
        clock.pass(Duration.ofSeconds(1));
        assertThat(access.caller("Bearer " + SECRET, HERE, "GET /")).isNotNull();
        assertThat(access.caller("Bearer " + SECRET, HERE, "GET /"))
                .as("right ones cost nothing")
                .isNotNull();
    }

    @Test
    void addresses_of_one_ipv6_network_have_their_tries_together() {
        for (int i = 0; i < Attempts.BURST; i++) {
            refused("Bearer wrong" + i, "2001:db8::" + Integer.toHexString(i));
        }

        assertThat(refused("Bearer " + SECRET, "2001:db8::ffff")).isEqualTo(Denials.Reason.TOO_MANY);
        assertThat(refused("Bearer wrong", "2001:db8:0:1::1")).isEqualTo(Denials.Reason.WRONG_TOKEN);
    }

    @Test
    void guessing_is_one_event_at_once_and_one_a_minute_with_its_number() {
        for (int i = 0; i < 9; i++) {
            refused("Bearer guess" + i, "192.0.2.7");
        }
        assertThat(events).hasSize(1);
        denials.tick();
        assertThat(events).hasSize(1);
        clock.pass(Denials.PAUSE);
        denials.tick();
        denials.tick();

        assertThat(events)
                .extracting(Event::subType, Event::action, Event::message)
                .containsExactly(
                        tuple(
                                EventSubType.SYSTEM,
                                "Access Denied",
                                "wrong token: from 192.0.2.7 for GET /api/v1/status"),
                        tuple(
                                EventSubType.SYSTEM,
                                "Access Denied",
                                "wrong token: 8 times, the last one from 192.0.2.7 for GET /api/v1/status"));
        assertThat(events.get(1).field(EventField.EVENT_COUNT)).contains("8");
        assertThat(events.get(1).field(EventField.HOST_IP)).contains("192.0.2.7");
        assertThat(events.toString()).doesNotContain("guess");
    }

    @Test
    void a_role_that_does_not_suffice_is_told_with_the_one_that_would() {
        Caller grafana = new Caller("grafana", Role.READ_ONLY);

        assertThatThrownBy(() -> access.require(Role.OPERATOR, grafana, HERE, "POST /api/v1/drain"))
                .hasMessage("this needs a token with the role operator; grafana has read-only");
        assertThat(events.get(0).message())
                .isEqualTo("token that does not suffice of grafana: from 192.0.2.7 for POST /api/v1/drain");
        assertThat(events.get(0).field(EventField.USER_NAME)).contains("grafana");
    }

    @Test
    void refusals_are_counted_by_their_reason() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        denials.bindTo(registry);
        refused("", "192.0.2.7");
        refused("Bearer wrong", "192.0.2.7");
        refused("Bearer wrong", "192.0.2.7");

        assertThat(registry.get("popbgp.api.denied")
                        .tag("reason", "wrong-token")
                        .functionCounter()
                        .count())
                .isEqualTo(2);
        assertThat(registry.get("popbgp.api.denied")
                        .tag("reason", "no-token")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void a_token_shows_its_secret_in_no_text() {
        AccessToken token = new AccessToken("alice", Role.OPERATOR, SECRET);

        assertThat(token.toString()).isEqualTo("token of alice");
        assertThatThrownBy(() -> new AccessToken("alice", Role.OPERATOR, "tooshort"))
                .hasMessageContaining("16..512 characters, this one has 8")
                .hasMessageNotContaining("tooshort");
        assertThatThrownBy(() -> new AccessToken("alice", Role.OPERATOR, "with a blank in it"))
                .hasMessageContaining("RFC 6750")
                .hasMessageNotContaining("blank");
    }
}
