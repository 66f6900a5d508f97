package net.popbgp.daemon.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.popbgp.daemon.event.EventStore;
import net.popbgp.daemon.event.EventsConfig;
import net.popbgp.daemon.site.TestSites;
import net.popbgp.daemon.site.Track;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alerts on their own threads, over a real store of events and a real mail server. */
class AlertsIT {

    @TempDir
    Path directory;

    private static final Duration LONG = Duration.ofSeconds(30); // the disk may be slow

    private final GreenMail mails = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    private EventStore events;
    private Alerts alerts;

    @BeforeEach
    void start() {
        mails.start();
        open(Optional.of(directory.resolve("events.db")), Track.Frequency.HOURLY);
    }

    private void open(Optional<Path> file, Track.Frequency frequency) {
        EventsConfig kept = EventsConfig.DEFAULT;
        events = EventStore.open(new EventsConfig(file, kept.keep(), kept.maxSize()), InstantSource.system());
        alerts = Alerts.over(events, Clock.systemUTC());
        MailServer server = new MailServer(
                "127.0.0.1",
                mails.getSmtp().getPort(),
                MailServer.Security.PLAIN,
                Optional.empty(),
                "popbgp@example.net",
                List.of());
        AlertsConfig config = new AlertsConfig(
                Optional.of(server),
                AlertsConfig.UTC,
                Map.of("noc", List.of("noc@example.net")),
                Map.of(),
                false,
                AlertsConfig.GIVE_UP_AFTER);
        alerts.follow(config, List.of(TestSites.watched("nyc", new Track(frequency, List.of("noc"), List.of()))));
    }

    @AfterEach
    void stop() {
        close();
        mails.stop();
    }

    private void close() {
        alerts.close();
        events.close();
    }

    private void happen(String from, String to) {
        events.accept(AlertBench.session(Instant.now(), from, to, "cease"));
    }

    @Test
    void an_event_becomes_a_mail_and_a_restart_keeps_the_window() {
        happen("Established", "Idle");
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(mails.getReceivedMessages())
                        .as("mails, with %s and %s", alerts.status(), events.status())
                        .hasSize(1));
        happen("OpenConfirm", "Established");
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(alerts.status().windows())
                        .singleElement()
                        .satisfies(window -> assertThat(window.count()).isEqualTo(1)));
        AlertsStatus before = alerts.status();

        close();
        open(Optional.of(directory.resolve("events.db")), Track.Frequency.HOURLY);
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(alerts.status().windows()).isEqualTo(before.windows()));
        happen("Established", "Idle");
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(alerts.status().windows())
                        .singleElement()
                        .satisfies(window -> assertThat(window.count()).isEqualTo(2)));
        assertThat(mails.getReceivedMessages()).hasSize(1);
    }

    @Test
    void without_a_database_it_works_in_memory() {
        close();
        open(Optional.empty(), Track.Frequency.IMMEDIATE);
        happen("Established", "Idle");
        happen("OpenConfirm", "Established");

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(mails.getReceivedMessages()).hasSize(2));
    }
}
