package net.popbgp.daemon.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.decision.DecisionStep;
import net.popbgp.core.fsm.DownReason;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.message.ErrorCode;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.rib.RibChange;
import net.popbgp.core.route.OutboundGuard;
import net.popbgp.core.route.PeerType;
import net.popbgp.core.route.PrefixLimit;
import net.popbgp.core.route.Route;
import net.popbgp.core.route.RouteSource;
import net.popbgp.daemon.MovedClock;
import net.popbgp.daemon.site.SiteConfig;
import net.popbgp.daemon.site.TestSites;
import net.popbgp.speaker.BgpListener;
import net.popbgp.speaker.Drain;
import net.popbgp.speaker.Failover;
import net.popbgp.speaker.PeerConfig;
import org.junit.jupiter.api.Test;

class EventRecorderTest {

    private static final SiteConfig SITE = TestSites.pair("azure-1", 91);
    private static final PeerConfig PRIMARY = PeerConfig.builder("127.0.91.2", 12076)
            .name("azure-1-primary")
            .metric(90)
            .prefixLimit(AddressFamily.IPV4_UNICAST, PrefixLimit.tearDown(1024))
            .outboundGuard(AddressFamily.IPV4_UNICAST, OutboundGuard.of(4000))
            .build();
    private static final PeerConfig SECONDARY = PeerConfig.builder("127.0.91.6", 12076)
            .name("azure-1-secondary")
            .metric(100)
            .build();
    private static final PeerConfig OTHER =
            PeerConfig.builder("127.0.92.1", 65001).name("core").build();

    private final MovedClock clock = new MovedClock(Events.START);
    private final List<Event> events = new ArrayList<>();
    private final EventRecorder recorder = new EventRecorder(
            events::add,
            clock,
            Asn.of(65010),
            List.of(SITE),
            List.of(PRIMARY, SECONDARY, OTHER),
            Map.of("azure-1-primary", "the first one"));

    private Event only() {
        assertThat(events).hasSize(1);
        return events.remove(0);
    }

    private static DownReason sent(int subcode) {
        return new DownReason(
                DownReason.Kind.NOTIFICATION_SENT, Optional.of(NotificationMessage.cease(subcode)), "a test");
    }

    @Test
    void a_session_that_comes_up_tells_site_circuit_pop_and_both_ends() {
        recorder.onStateChange("azure-1-primary", FsmState.OPEN_CONFIRM, FsmState.ESTABLISHED, DownReason.NONE);

        Event event = only();
        assertThat(event.time()).isEqualTo(Events.START);
        assertThat(event.subType()).isEqualTo(EventSubType.BGP_SESSION);
        assertThat(event.action()).isEqualTo("Connected");
        assertThat(event.message())
                .isEqualTo("the session with the primary circuit of azure-1 (127.0.91.2, AS 12076) is up");
        assertThat(event.fields())
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry(EventField.SRC_SITE_ID, "azure-1"),
                        Map.entry(EventField.SRC_SITE_NAME, "azure-1"),
                        Map.entry(EventField.POP_NAME, "New York"),
                        Map.entry(EventField.CIRCUIT, "primary"),
                        Map.entry(EventField.LINK_TYPE, "Cloud Interconnect"),
                        Map.entry(EventField.PEER, "azure-1-primary"),
                        Map.entry(EventField.BGP_CATO_ASN, "65010"),
                        Map.entry(EventField.BGP_CATO_IP, "127.0.91.1"),
                        Map.entry(EventField.BGP_PEER_ASN, "12076"),
                        Map.entry(EventField.BGP_PEER_IP, "127.0.91.2"),
                        Map.entry(EventField.BGP_PEER_DESCRIPTION, "the first one"),
                        Map.entry(EventField.OLD_STATE, "OpenConfirm"),
                        Map.entry(EventField.NEW_STATE, "Established")));
    }

    @Test
    void a_notification_received_gives_code_subcode_and_the_peers_text_made_fit_for_a_terminal() {
        recorder.onStateChange(
                "core",
                FsmState.ESTABLISHED,
                FsmState.IDLE,
                new DownReason(
                        DownReason.Kind.NOTIFICATION_RECEIVED,
                        Optional.of(NotificationMessage.cease(
                                NotificationMessage.ADMINISTRATIVE_SHUTDOWN, "works \u001b[31muntil 6")),
                        "the peer ended it"));

        Event event = only();
        assertThat(event.action()).isEqualTo("Disconnected");
        assertThat(event.message())
                .isEqualTo("the session with the peer core (127.0.92.1, AS 65001) is down: the peer says"
                        + " Cease/Administrative Shutdown (6/2), \"works ?[31muntil 6\"");
        assertThat(event.field(EventField.BGP_ERROR_CODE)).contains("6");
        assertThat(event.field(EventField.BGP_SUBERROR_CODE))
                .contains("2 Cease/Administrative Shutdown, \"works ?[31muntil 6\"");
        assertThat(event.field(EventField.SRC_SITE_NAME)).isEmpty();
    }

    @Test
    void without_a_notification_the_code_is_local_and_the_reason_stands_in_the_subcode() {
        recorder.onStateChange(
                "azure-1-primary",
                FsmState.ESTABLISHED,
                FsmState.IDLE,
                new DownReason(DownReason.Kind.CONNECTION_LOST, Optional.empty(), "connection reset by the peer"));

        Event event = only();
        assertThat(event.field(EventField.BGP_ERROR_CODE)).contains("local");
        assertThat(event.field(EventField.BGP_SUBERROR_CODE)).contains("TCP: connection reset by the peer");
    }

    @Test
    void the_end_of_a_collision_is_no_event() {
        recorder.onStateChange(
                "core",
                FsmState.OPEN_CONFIRM,
                FsmState.IDLE,
                sent(NotificationMessage.CONNECTION_COLLISION_RESOLUTION));

        assertThat(events).isEmpty();
    }

    @Test
    void failing_to_connect_is_told_once_and_again_for_another_reason_or_after_an_hour() {
        DownReason badAs = new DownReason(
                DownReason.Kind.NOTIFICATION_RECEIVED,
                Optional.of(NotificationMessage.of(ErrorCode.OPEN_MESSAGE_ERROR, NotificationMessage.BAD_PEER_AS)),
                "");
        DownReason lost = new DownReason(DownReason.Kind.CONNECTION_LOST, Optional.empty(), "refused");
        for (int i = 0; i < 5; i++) {
            recorder.onStateChange("azure-1-primary", FsmState.OPEN_SENT, FsmState.IDLE, badAs);
            clock.pass(Duration.ofSeconds(20));
        }
        Event first = only();
        assertThat(first.action()).isEqualTo("Connect failed");
        assertThat(first.field(EventField.BGP_ERROR_CODE)).contains("2");
        assertThat(first.field(EventField.BGP_SUBERROR_CODE)).contains("2 OPEN Message Error/Bad Peer AS");

        recorder.onStateChange("azure-1-primary", FsmState.CONNECT, FsmState.ACTIVE, lost);
        assertThat(only().field(EventField.EVENT_COUNT)).contains("5");

        recorder.onStateChange("azure-1-primary", FsmState.OPEN_SENT, FsmState.IDLE, badAs);
        assertThat(events).as("within a minute").isEmpty();
        clock.pass(Duration.ofHours(1));
        recorder.onStateChange("azure-1-primary", FsmState.CONNECT, FsmState.ACTIVE, lost);
        assertThat(only().field(EventField.EVENT_COUNT)).contains("2");
    }

    @Test
    void an_operators_stop_of_a_peer_that_is_not_up_is_no_event() {
        recorder.onStateChange(
                "core",
                FsmState.CONNECT,
                FsmState.IDLE,
                new DownReason(DownReason.Kind.LOCAL_STOP, Optional.empty(), "stopped"));

        assertThat(events).isEmpty();
    }

    private static Route route(PeerConfig peer, Prefix prefix) {
        return route(peer, prefix, peer.metric());
    }

    private static Route route(PeerConfig peer, Prefix prefix, int metric) {
        return new Route(
                prefix,
                PathAttributes.builder().asPath(12076).build(),
                new RouteSource(
                        peer.remoteAddress(), PeerType.EXTERNAL, peer.remoteAs(), RouterId.of("10.0.0.1"), metric, ""));
    }

    private static RibChange change(Prefix prefix, Optional<PeerConfig> from, Optional<PeerConfig> to) {
        return new RibChange(
                prefix,
                from.map(peer -> route(peer, prefix)),
                to.map(peer -> route(peer, prefix)),
                DecisionStep.ONLY_ROUTE,
                List.of());
    }

    @Test
    void routes_of_circuits_are_added_changed_and_removed_and_those_of_others_are_none() {
        Prefix prefix = Prefix.of("10.1.0.0/16");
        recorder.onLocRibChange(List.of(
                change(prefix, Optional.empty(), Optional.of(PRIMARY)),
                change(prefix, Optional.of(PRIMARY), Optional.of(SECONDARY)),
                change(prefix, Optional.of(SECONDARY), Optional.of(OTHER)),
                change(prefix, Optional.of(OTHER), Optional.empty()),
                change(prefix, Optional.of(SECONDARY), Optional.empty()),
                change(prefix, Optional.of(SECONDARY), Optional.of(SECONDARY))));

        assertThat(events)
                .extracting(event -> event.action() + " "
                        + event.field(EventField.PEER).orElse("")
                        + " " + event.field(EventField.BGP_ROUTE_CIDR).orElse(""))
                .containsExactly(
                        "Route added azure-1-primary 10.1.0.0/16",
                        "Route changed azure-1-secondary 10.1.0.0/16",
                        "Route changed azure-1-secondary 10.1.0.0/16",
                        "Route removed azure-1-secondary 10.1.0.0/16");
    }

    @Test
    void a_route_of_a_circuit_that_returns_has_its_metric_and_is_not_told_again_when_it_counts() {
        Prefix prefix = Prefix.of("10.1.0.0/16");
        Route waiting = route(SECONDARY, prefix, 0xFFFF);
        Route counting = route(SECONDARY, prefix);
        recorder.onLocRibChange(List.of(
                new RibChange(prefix, Optional.empty(), Optional.of(waiting), DecisionStep.ONLY_ROUTE, List.of()),
                new RibChange(
                        prefix, Optional.of(waiting), Optional.of(counting), DecisionStep.ONLY_ROUTE, List.of())));

        assertThat(only().message())
                .isEqualTo("10.1.0.0/16 over the secondary circuit of azure-1 (127.0.91.6, AS 12076), AS path 12076,"
                        + " metric 100 (counts when the circuit has told all its routes)");
    }

    @Test
    void traffic_that_leaves_because_the_daemon_stops_is_no_failover() {
        recorder.stopping();
        recorder.onFailover(failover("azure-1-primary", "azure-1-secondary", Optional.empty()));
        recorder.onFailoverCompleted(failover("azure-1-primary", "azure-1-secondary", Optional.empty()));
        recorder.onFailover(failover("azure-1-secondary", "", Optional.empty()));

        assertThat(events).isEmpty();
    }

    @Test
    void a_burst_of_routes_is_a_hundred_events_a_second_and_one_with_the_rest() {
        recorder.onLocRibChange(IntStream.range(0, 1000)
                .mapToObj(i -> change(
                        Prefix.of("10." + i / 250 + "." + i % 250 + ".0/24"), Optional.empty(), Optional.of(PRIMARY)))
                .toList());
        recorder.tick();
        assertThat(events).hasSize(100);
        events.clear();

        clock.pass(Duration.ofSeconds(1));
        recorder.tick();

        Event rest = only();
        assertThat(rest.action()).isEqualTo("Route added");
        assertThat(rest.field(EventField.EVENT_COUNT)).contains("900");
        assertThat(rest.field(EventField.SRC_SITE_NAME)).contains("azure-1");
        assertThat(rest.message())
                .startsWith(
                        "900 further prefixes of the primary circuit of azure-1 (127.0.91.2, AS 12076): 10.0.100.0/24,");
        recorder.onLocRibChange(List.of(change(Prefix.of("10.9.0.0/16"), Optional.empty(), Optional.of(PRIMARY))));
        assertThat(only().field(EventField.BGP_ROUTE_CIDR)).contains("10.9.0.0/16");
    }

    @Test
    void without_a_site_routes_are_not_followed() {
        EventRecorder none = new EventRecorder(events::add, clock, Asn.of(65010), List.of(), List.of(OTHER), Map.of());

        assertThat(none.followsRoutes()).isFalse();
        assertThat(recorder.followsRoutes()).isTrue();
    }

    private static Failover failover(String from, String to, Optional<Duration> switched) {
        return new Failover(
                "azure-1", from, to, "hold timer expired", 1000, Events.START, Duration.ofNanos(2_671_400), switched);
    }

    @Test
    void the_active_circuit_goes_over_and_back_with_the_times_of_its_stages() {
        String primary = "azure-1-primary";
        String secondary = "azure-1-secondary";
        recorder.onFailover(failover("", primary, Optional.empty()));
        recorder.onFailoverCompleted(failover("", primary, Optional.of(Duration.ofMillis(1))));
        recorder.onFailover(failover(primary, secondary, Optional.empty()));
        recorder.onFailoverCompleted(failover(primary, secondary, Optional.of(Duration.ofNanos(3_016_000))));
        recorder.onFailover(failover(secondary, primary, Optional.empty()));
        recorder.onFailover(failover(primary, "", Optional.empty()));

        assertThat(events)
                .extracting(Event::action)
                .containsExactly("Circuit active", "Failover", "Failover completed", "Failback", "No active circuit");
        assertThat(events.get(1).message())
                .isEqualTo("azure-1: traffic moves from the primary to the secondary circuit"
                        + " (hold timer expired, 1000 prefixes)");
        Event completed = events.get(2);
        assertThat(completed.message())
                .isEqualTo("azure-1: all 1000 prefixes go over the secondary circuit,"
                        + " 3.016 ms after the cause was noticed");
        assertThat(completed.fields())
                .containsEntry(EventField.OLD_STATE, "primary")
                .containsEntry(EventField.NEW_STATE, "secondary")
                .containsEntry(EventField.CIRCUIT, "secondary")
                .containsEntry(EventField.TRIGGER, "hold timer expired")
                .containsEntry(EventField.PREFIX_COUNT, "1000")
                .containsEntry(EventField.DETECTION_TO_EVENT_US, "2671")
                .containsEntry(EventField.DETECTION_TO_SWITCH_US, "3016");
    }

    @Test
    void limits_in_both_directions_tell_count_and_limit() {
        recorder.onPrefixLimit(
                "azure-1-primary",
                AddressFamily.IPV4_UNICAST,
                BgpListener.Direction.RECEIVED,
                BgpListener.LimitState.EXCEEDED,
                1025);
        recorder.onPrefixLimit(
                "azure-1-primary",
                AddressFamily.IPV4_UNICAST,
                BgpListener.Direction.SENT,
                BgpListener.LimitState.WARNING,
                3200);
        recorder.onPrefixLimit(
                "azure-1-primary",
                AddressFamily.IPV4_UNICAST,
                BgpListener.Direction.SENT,
                BgpListener.LimitState.OK,
                3000);

        assertThat(events)
                .extracting(event -> event.action() + " "
                        + event.field(EventField.DIRECTION).orElse("")
                        + " " + event.field(EventField.PREFIX_COUNT).orElse("")
                        + "/" + event.field(EventField.PREFIX_LIMIT).orElse(""))
                .containsExactly(
                        "Limit hit in 1025/1024", "Limit warning out 3200/4000", "Limit cleared out 3000/4000");
    }

    @Test
    void a_drain_begins_and_ends() {
        recorder.onDrain("azure-1-primary", Drain.COMMANDED);
        recorder.onDrain("azure-1-primary", Drain.NONE);

        assertThat(events).extracting(Event::action).containsExactly("Drain", "Drain ended");
    }

    @Test
    void a_reload_is_followed_and_the_end_of_a_removed_circuit_is_still_of_its_site() {
        recorder.follow(Asn.of(65010), List.of(), List.of(OTHER), Map.of("core", "renamed"));

        recorder.onStateChange(
                "azure-1-primary", FsmState.ESTABLISHED, FsmState.IDLE, sent(NotificationMessage.PEER_DECONFIGURED));
        assertThat(only().field(EventField.SRC_SITE_NAME)).contains("azure-1");
        recorder.onStateChange("core", FsmState.OPEN_CONFIRM, FsmState.ESTABLISHED, DownReason.NONE);
        assertThat(only().field(EventField.BGP_PEER_DESCRIPTION)).contains("renamed");
        recorder.onStateChange("unknown", FsmState.OPEN_CONFIRM, FsmState.ESTABLISHED, DownReason.NONE);
        assertThat(only().fields().keySet())
                .isEqualTo(Set.of(EventField.PEER, EventField.OLD_STATE, EventField.NEW_STATE));
    }

    @Test
    void what_was_missed_and_the_daemons_start_and_end_are_system_events() {
        recorder.onLagged(7);
        recorder.stopped();
        recorder.started("1.0", 3);
        recorder.stopped();

        assertThat(events).allMatch(event -> event.subType() == EventSubType.SYSTEM);
        assertThat(events).extracting(Event::action).containsExactly("Lagged", "Started", "Stopped");
        assertThat(events.get(0).field(EventField.EVENT_COUNT)).contains("7");
    }
}
