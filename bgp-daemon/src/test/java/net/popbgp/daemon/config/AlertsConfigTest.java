package net.popbgp.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.popbgp.daemon.alert.AlertsConfig;
import net.popbgp.daemon.alert.MailServer;
import net.popbgp.daemon.alert.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlertsConfigTest {

    private static final String SMALLEST = "local-as: 65001\nrouter-id: 192.0.2.1\n";

    @TempDir
    Path directory;

    private AlertsConfig parse(String text) throws ConfigException {
        return ConfigReader.parse(SMALLEST + text, directory, Map.of("PASSWORD", "hunter two", "HOOK", "key")::get)
                .alerts();
    }

    private List<String> problems(String text) {
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> parse(text));
        assertThat(refused).as("refused").isNotNull();
        return refused.problems().stream().map(Problem::toString).toList();
    }

    private static String mail(String more) {
        return "alerts:\n  mail: {host: mail.example.net, from: popbgp@example.net" + more + "}\n";
    }

    @Test
    void without_the_section_nobody_is_told() throws ConfigException {
        assertThat(parse("")).isEqualTo(AlertsConfig.NONE);
    }

    @Test
    void every_key_reaches_the_configuration_and_secrets_are_not_shown() throws Exception {
        Files.writeString(directory.resolve("hook-url"), "https://chat.example.net/services/T0P/SECRET\n");
        AlertsConfig alerts = parse("""
                alerts:
                  time-zone: Europe/Berlin
                  daily-unconditional: true
                  give-up-after: 6h
                  mail:
                    host: mail.example.net
                    port: 2525
                    security: smtps
                    user: popbgp
                    password: {env: PASSWORD}
                    from: "PopBGP New York <popbgp@example.net>"
                  mailing-lists:
                    noc: [noc@example.net, night@example.org, noc@example.net]
                  webhooks:
                    chat: {url: {file: hook-url}}
                    tickets: {url: "https://tickets.example.net/in", secret: {env: HOOK}}
                """);

        assertThat(alerts.timeZone()).isEqualTo(ZoneId.of("Europe/Berlin"));
        assertThat(alerts.dailyUnconditional()).isTrue();
        assertThat(alerts.giveUpAfter()).isEqualTo(Duration.ofHours(6));
        assertThat(alerts.mail())
                .contains(new MailServer(
                        "mail.example.net",
                        2525,
                        MailServer.Security.SMTPS,
                        Optional.of(new MailServer.Login("popbgp", Secret.of("hunter two"))),
                        "PopBGP New York <popbgp@example.net>",
                        List.of()));
        assertThat(alerts.mailingLists()).isEqualTo(Map.of("noc", List.of("noc@example.net", "night@example.org")));
        assertThat(alerts.webhooks()).containsOnlyKeys("chat", "tickets");
        assertThat(alerts.toString()).doesNotContain("hunter", "T0P").contains("https://chat.example.net");
    }

    @ParameterizedTest
    @CsvSource({
        "plain,25,PLAIN",
        "starttls-if-offered,25,STARTTLS_IF_OFFERED",
        "starttls,587,STARTTLS",
        "smtps,465,SMTPS"
    })
    void the_port_follows_from_the_security(String text, int port, MailServer.Security security)
            throws ConfigException {
        MailServer server = parse(mail(", security: " + text)).mail().orElseThrow();

        assertThat(server.port()).isEqualTo(port);
        assertThat(server.security()).isEqualTo(security);
    }

    @Test
    void tls_is_the_default_and_a_password_in_clear_is_a_warning() throws ConfigException {
        assertThat(parse(mail("")).mail().orElseThrow().security()).isEqualTo(MailServer.Security.STARTTLS);

        DaemonConfig doubtful = ConfigReader.parse(
                SMALLEST + mail(", security: plain, user: a, password: {env: PASSWORD}"),
                directory,
                Map.of("PASSWORD", "x")::get);
        assertThat(doubtful.warnings())
                .extracting(Problem::toString)
                .containsExactly(
                        "line 4: alerts.mail.security: the password may go over the network in clear: use starttls or smtps");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "noc",
                "noc@",
                "@example.net",
                "noc@example.net, evil@example.net",
                "Noc <noc@example.net>",
                "noc@example.net\\r\\nBcc: evil@example.net",
                "n\\u00fc@example.net",
                "a b@example.net",
                "group: a@example.net;"
            })
    void what_is_no_address_is_refused(String address) {
        assertThat(problems(mail("") + "  mailing-lists: {noc: [\"" + address + "\"]}\n"))
                .singleElement()
                .asString()
                .startsWith("line 5: alerts.mailing-lists.noc[0]: ");
    }

    @Test
    void what_does_not_fit_together_is_told_with_its_place() {
        assertThat(problems("alerts:\n  mailing-lists: {noc: [a@example.net]}\n"))
                .containsExactly("line 4: alerts: mailing lists need a server: 'mail' is missing");
        assertThat(problems(mail(", user: a")))
                .containsExactly("line 4: alerts.mail: 'user' and 'password' come together");
        assertThat(problems(mail(", password: hunter2, user: a")))
                .containsExactly(
                        "line 4: alerts.mail.password: a secret does not belong into this file: write {file: PATH} or {env: NAME}");
        assertThat(problems(mail("") + "  mailing-lists: {noc: []}\n"))
                .containsExactly("line 5: alerts.mailing-lists.noc: a mailing list has at least one address");
        assertThat(problems(mail("")
                        + "  mailing-lists: {noc: [a@example.net]}\n  webhooks: {noc: {url: \"https://x.example\"}}\n"))
                .containsExactly("line 6: alerts.webhooks.noc: a mailing list is named 'noc' too");
        assertThat(problems("alerts: {webhooks: {chat: {url: \"ftp://x/secret\"}}}\n"))
                .singleElement()
                .asString()
                .contains("not the URL of a webhook")
                .doesNotContain("secret");
        assertThat(problems("alerts: {time-zone: Mars/Olympus}\n"))
                .singleElement()
                .asString()
                .contains("not a time zone as Europe/Berlin");
        assertThat(problems("alerts: {give-up-after: 30d}\n"))
                .singleElement()
                .asString()
                .contains("must be 1m..7d");
        assertThat(problems(mail(", ca-file: none.pem")))
                .singleElement()
                .asString()
                .contains("cannot be read");
        String many =
                IntStream.range(0, 21).mapToObj(i -> "a" + i + "@example.net").collect(Collectors.joining(","));
        assertThat(problems(mail("") + "  mailing-lists: {noc: [" + many + "]}\n"))
                .singleElement()
                .asString()
                .contains("at most 20 addresses, not 21");
    }
}
