package net.popbgp.daemon.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.popbgp.daemon.event.Event;
import net.popbgp.daemon.site.Track;
import org.junit.jupiter.api.Test;

class ComposerTest {

    private static final Instant AT = Instant.parse("2026-03-02T10:00:00.125Z");

    private static Composer composer() {
        return new Composer(new AlertsConfig(
                Optional.empty(),
                ZoneId.of("Europe/Berlin"),
                Map.of("noc", List.of("a@example.net", "b@example.net")),
                Map.of("chat", new Webhook(URI.create("https://chat.example.net/x"), Optional.empty())),
                false,
                Duration.ofHours(24)));
    }

    private static List<Message> messages(Track.Frequency frequency, Event... events) {
        Track track = new Track(frequency, List.of("noc"), List.of("chat"));
        Rule rule = new Rule("peer nyc-primary", "nyc", "primary", "nyc-primary", track);
        boolean digest = events.length > 1;
        return composer()
                .messages(
                        new Notice(
                                rule,
                                digest,
                                events.length,
                                List.of(events),
                                AT,
                                Optional.of(AT.plus(Windows.length(frequency)))),
                        AT);
    }

    @Test
    void a_mail_says_what_where_when_and_what_to_do() {
        Message mail = messages(
                        Track.Frequency.HOURLY, AlertBench.session(AT, "Established", "Idle", "hold timer expired"))
                .get(0);

        assertThat(mail.recipient()).isEqualTo("a@example.net");
        assertThat(mail.body()).isEqualTo("""
                session of nyc-primary is down: hold timer expired

                  Site     nyc
                  Circuit  primary
                  Peer     nyc-primary
                  PoP      New York, 169.254.10.1, AS 65001
                  Cloud    169.254.10.2, AS 12076
                  State    Established -> Idle
                  Reason   4/0 hold timer expired
                  Time     2026-03-02 11:00:00.125 +01:00 (Europe/Berlin)

                To look further:
                  popbgp show peer nyc-primary
                  popbgp site test nyc primary
                  popbgp site show nyc
                  popbgp show events

                This goes to the mailing list noc, hourly.
                Changes until 2026-03-02 12:00:00.125 +01:00 (Europe/Berlin) come together in one mail then.
                """);
    }

    @Test
    void a_webhook_gets_the_same_as_json_with_the_id_of_the_message() throws Exception {
        List<Message> all = messages(
                Track.Frequency.DAILY,
                AlertBench.session(AT, "Established", "Idle", "hold timer expired"),
                AlertBench.session(AT, "OpenConfirm", "Established", ""));
        Message hook = all.get(2);
        JsonNode json = new ObjectMapper().readTree(hook.body());

        assertThat(hook.channel()).isEqualTo(Message.Channel.WEBHOOK);
        assertThat(json.path("id").asText()).isEqualTo(hook.id());
        assertThat(json.path("type").asText()).isEqualTo("digest");
        assertThat(json.path("site").asText()).isEqualTo("nyc");
        assertThat(json.path("state").asText()).isEqualTo("up");
        assertThat(json.path("count").asInt()).isEqualTo(2);
        assertThat(json.path("events").get(0).path("bgp_error_code").asText()).isEqualTo("4");
    }

    @Test
    void a_peers_text_cannot_add_a_line_to_the_subject_or_a_fact() {
        String text = "bye\r\nBcc: victim@example.net\r\n\r\n.\r\nQUIT\u2028x\u202ey\u0000";
        Message mail = messages(Track.Frequency.IMMEDIATE, AlertBench.session(AT, "Established", "Idle", text))
                .get(0);

        assertThat(mail.subject()).doesNotContain("\r", "\n", "\u2028", "\u202e", "\u0000");
        assertThat(Texts.line(text)).isEqualTo("bye Bcc: victim@example.net . QUIT x?y");
        assertThat(mail.body().lines())
                .noneMatch(line -> line.startsWith("Bcc") || line.equals(".") || line.equals("QUIT"));
    }

    @Test
    void a_subject_has_a_limit() {
        Message mail = messages(
                        Track.Frequency.IMMEDIATE, AlertBench.session(AT, "Established", "Idle", "x".repeat(900)))
                .get(0);

        assertThat(mail.subject()).hasSize(160).endsWith("…");
    }
}
