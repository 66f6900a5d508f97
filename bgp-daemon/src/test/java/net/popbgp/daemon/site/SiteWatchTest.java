package net.popbgp.daemon.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.popbgp.core.fsm.DownReason;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.daemon.config.ConfigException;
import net.popbgp.daemon.config.ConfigReader;
import net.popbgp.daemon.event.Event;
import net.popbgp.daemon.event.EventField;
import org.junit.jupiter.api.Test;

class SiteWatchTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final List<Event> events = new ArrayList<>();
    private List<SiteConfig> sites = sites("{pop: A, subnet: 10.0.0.0/30}, {pop: B, subnet: 10.0.0.4/30}");
    private final SiteWatch watch = new SiteWatch(() -> sites, events::add, InstantSource.fixed(NOW));

    private static List<SiteConfig> sites(String circuits) {
        try {
            return ConfigReader.parse(
                            "local-as: 65001\nrouter-id: 10.0.0.1\nsites: [{name: s, md5-key: {env: K}, circuits: ["
                                    + circuits + "]}]",
                            Path.of("/"),
                            name -> "secret1")
                    .sites();
        } catch (ConfigException e) {
            throw new AssertionError(e.problems().toString(), e);
        }
    }

    private void up(String peer) {
        watch.onStateChange(peer, FsmState.OPEN_CONFIRM, FsmState.ESTABLISHED, DownReason.NONE);
    }

    private void down(String peer) {
        watch.onStateChange(
                peer,
                FsmState.ESTABLISHED,
                FsmState.IDLE,
                new DownReason(
                        DownReason.Kind.NOTIFICATION_RECEIVED,
                        Optional.of(NotificationMessage.cease(NotificationMessage.PEER_DECONFIGURED)),
                        "the peer ended it"));
    }

    @Test
    void each_change_of_a_site_is_told_once_with_its_cause() {
        up("s-primary");
        up("s-secondary");
        down("s-primary");
        down("s-secondary");

        assertThat(events.stream().map(Event::action))
                .containsExactly("Site Degraded", "Site Connected", "Site Degraded", "Site Disconnected");
        Event lost = events.get(2);
        assertThat(lost.time()).isEqualTo(NOW);
        assertThat(lost.message())
                .isEqualTo("site s is Degraded: its primary circuit at A is down: the peer ended it: 6/3"
                        + " Cease/Peer De-configured");
        assertThat(lost.field(EventField.BGP_ERROR_CODE)).contains("6");
        assertThat(lost.field(EventField.BGP_SUBERROR_CODE)).contains("3 cease: peer de-configured");
        assertThat(lost.field(EventField.OLD_STATE)).contains("Connected");
        assertThat(lost.field(EventField.CIRCUIT)).contains("primary");
    }

    @Test
    void what_does_not_change_a_site_is_not_told() {
        watch.onStateChange("s-primary", FsmState.CONNECT, FsmState.ACTIVE, DownReason.NONE);
        watch.onStateChange("somebody", FsmState.OPEN_CONFIRM, FsmState.ESTABLISHED, DownReason.NONE);

        assertThat(events).isEmpty();
    }

    @Test
    void a_site_that_gets_a_second_circuit_is_degraded_until_that_is_up() {
        List<SiteConfig> two = sites;
        sites = sites("{pop: A, subnet: 10.0.0.0/30}");
        up("s-primary");
        sites = two;
        watch.reconfigured();
        up("s-secondary");

        assertThat(events.stream().map(Event::action))
                .containsExactly("Site Connected", "Site Degraded", "Site Connected");
        assertThat(events.get(1).message()).isEqualTo("site s is Degraded: its configuration has changed");
    }
}
