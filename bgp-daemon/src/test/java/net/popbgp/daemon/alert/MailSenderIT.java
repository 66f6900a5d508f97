package net.popbgp.daemon.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import net.popbgp.daemon.site.Track;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mail to a real SMTP server on loopback. */
class MailSenderIT {

    private static final String LOOPBACK = "127.0.0.1";
    private static final String NOC = "noc@example.net";
    private static final Secret PASSWORD = Secret.of("correct horse");

    @TempDir
    static Path directory;

    private static X509Certificate certificate;
    private static SSLContext tls;

    private final MailSender sender = new MailSender(Duration.ofSeconds(5));
    private final GreenMail greenMail = new GreenMail(new ServerSetup[] {
        new ServerSetup(0, LOOPBACK, ServerSetup.PROTOCOL_SMTP),
        new ServerSetup(0, LOOPBACK, ServerSetup.PROTOCOL_SMTPS)
    });

    /** The server takes its key from here; the name in it is its address. */
    @BeforeAll
    static void makeCertificate() throws Exception {
        Path keys = directory.resolve("keys.p12");
        Path pem = directory.resolve("ca.pem");
        keytool("-genkeypair -alias mail -keyalg EC -validity 2 -dname CN=mail -ext SAN=ip:127.0.0.1 -keystore " + keys
                + " -storetype PKCS12 -storepass changeit");
        keytool("-exportcert -rfc -alias mail -file " + pem + " -keystore " + keys + " -storepass changeit");
        System.setProperty("greenmail.tls.keystore.file", keys.toString());
        System.setProperty("greenmail.tls.keystore.password", "changeit");
        KeyStore store = KeyStore.getInstance(keys.toFile(), "changeit".toCharArray());
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, "changeit".toCharArray());
        tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        try (var in = Files.newInputStream(pem)) {
            certificate =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private static void keytool(String arguments) throws IOException, InterruptedException {
        String program =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process process = new ProcessBuilder((program + " " + arguments).split(" "))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    @BeforeEach
    void start() {
        greenMail.start();
    }

    @AfterEach
    void stop() {
        greenMail.stop();
    }

    private int port() {
        return greenMail.getSmtp().getPort();
    }

    private static MailServer server(int port, MailServer.Security security, boolean login, boolean trusted) {
        return new MailServer(
                LOOPBACK,
                port,
                security,
                login ? Optional.of(new MailServer.Login("popbgp", PASSWORD)) : Optional.empty(),
                "PopBGP <popbgp@pop.example.net>",
                trusted ? List.of(certificate) : List.of());
    }

    private static Message message(String subject, String body) {
        Instant at = Instant.parse("2026-03-02T10:00:00Z");
        return new Message("4711-id", Message.Channel.MAIL, "noc", NOC, subject, body, at, at, 0, "");
    }

    @Test
    void a_mail_arrives_with_all_its_headers() throws Exception {

        Outcome outcome = sender.send(
                server(port(), MailServer.Security.PLAIN, false, false),
                message("[popbgp] nyc: primary session down — über", "first line\n.\nlast line, grüße\n"));

        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.DELIVERED);
        assertThat(outcome.detail()).startsWith("250 ");
        MimeMessage mail = greenMail.getReceivedMessages()[0];
        assertThat(mail.getHeader("Message-ID")).containsExactly("<4711-id@pop.example.net>");
        assertThat(mail.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        assertThat(mail.getHeader("Date")[0]).contains("2 Mar 2026");
        assertThat(mail.getHeader("From")).containsExactly("PopBGP <popbgp@pop.example.net>");
        assertThat(mail.getHeader("To")).containsExactly("noc <noc@example.net>");
        assertThat(mail.getSubject()).isEqualTo("[popbgp] nyc: primary session down — über");
        assertThat(mail.isMimeType("text/plain")).isTrue();
        assertThat(mail.getContent().toString().replace("\r\n", "\n").strip())
                .isEqualTo("first line\n.\nlast line, grüße");
    }

    @Test
    void with_starttls_and_a_password_it_is_handed_over_and_nothing_but_that_goes_in_clear() throws Exception {
        try (StartTlsServer starttls = new StartTlsServer(tls, true, "popbgp", "correct horse")) {
            Outcome outcome = sender.send(
                    server(starttls.port(), MailServer.Security.STARTTLS, true, true), message("hello", "body"));

            assertThat(outcome).isEqualTo(Outcome.delivered("250 taken"));
            assertThat(starttls.lines.stream().filter(line -> line.startsWith("clear ")))
                    .allMatch(line -> line.startsWith("clear EHLO") || line.equals("clear STARTTLS"));
            assertThat(starttls.lines).contains("tls Subject: hello", "tls RCPT TO:<noc@example.net>");
            assertThat(sender.send(
                                    server(starttls.port(), MailServer.Security.STARTTLS_IF_OFFERED, true, true),
                                    message("hello", "body"))
                            .kind())
                    .isEqualTo(Outcome.Kind.DELIVERED);
        }
    }

    @Test
    void a_wrong_password_is_said_and_not_shown() throws Exception {
        try (StartTlsServer starttls = new StartTlsServer(tls, true, "popbgp", "another")) {
            Outcome outcome = sender.send(
                    server(starttls.port(), MailServer.Security.STARTTLS, true, true), message("hello", "body"));

            assertThat(outcome.kind()).isEqualTo(Outcome.Kind.UNREACHABLE);
            assertThat(outcome.detail())
                    .contains("does not let us in", "535 wrong password")
                    .doesNotContain("horse");
        }
    }

    @Test
    void where_starttls_is_a_must_a_server_without_it_gets_neither_password_nor_mail() throws Exception {
        try (StartTlsServer plain = new StartTlsServer(tls, false, "popbgp", "correct horse")) {
            Outcome outcome = sender.send(
                    server(plain.port(), MailServer.Security.STARTTLS, true, true), message("hello", "body"));

            assertThat(outcome.kind()).isEqualTo(Outcome.Kind.FAILED);
            assertThat(outcome.detail()).contains("STARTTLS");
            assertThat(plain.lines).noneMatch(line -> line.startsWith("clear AUTH") || line.startsWith("clear MAIL"));
        }
    }

    @Test
    void a_certificate_that_is_not_trusted_ends_starttls() throws Exception {
        try (StartTlsServer starttls = new StartTlsServer(tls, true, "popbgp", "correct horse")) {
            Outcome outcome = sender.send(
                    server(starttls.port(), MailServer.Security.STARTTLS, true, false), message("hello", "body"));

            assertThat(outcome.kind()).isNotEqualTo(Outcome.Kind.DELIVERED);
            assertThat(outcome.detail()).contains("certification path");
        }
    }

    @Test
    void a_login_to_greenmail_is_needed_where_it_wants_one() {
        greenMail.getUserManager().setAuthRequired(true);
        greenMail.setUser("popbgp@example.net", "popbgp", "correct horse");

        assertThat(sender.send(server(port(), MailServer.Security.PLAIN, true, false), message("a", "b"))
                        .kind())
                .isEqualTo(Outcome.Kind.DELIVERED);
    }

    @Test
    void smtps_checks_the_certificate() {
        int port = greenMail.getSmtps().getPort();

        assertThat(sender.send(server(port, MailServer.Security.SMTPS, false, true), message("a", "b"))
                        .kind())
                .isEqualTo(Outcome.Kind.DELIVERED);
        Outcome outcome = sender.send(server(port, MailServer.Security.SMTPS, false, false), message("a", "b"));
        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.UNREACHABLE);
        assertThat(outcome.detail()).contains("certification path");
    }

    @Test
    void a_server_that_says_nothing_costs_no_more_than_the_timeout() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getByName(LOOPBACK))) {
            MailSender hasty = new MailSender(Duration.ofMillis(200));

            Outcome outcome = hasty.send(
                    server(silent.getLocalPort(), MailServer.Security.PLAIN, false, false), message("a", "b"));

            assertThat(outcome.kind()).isEqualTo(Outcome.Kind.UNREACHABLE);
        }
    }

    @Test
    void nobody_at_the_port_is_said() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(LOOPBACK))) {
            free = socket.getLocalPort();
        }

        Outcome outcome = sender.send(server(free, MailServer.Security.PLAIN, false, false), message("a", "b"));

        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.UNREACHABLE);
        assertThat(outcome.detail()).contains("127.0.0.1 port " + free + " does not answer");
    }

    /** Alerts that tell the mailing list at once. */
    private AlertBench bench(MailServer server) {
        AlertsConfig config = new AlertsConfig(
                Optional.of(server),
                AlertsConfig.NONE.timeZone(),
                Map.of("noc", List.of(NOC)),
                Map.of(),
                false,
                AlertsConfig.GIVE_UP_AFTER);
        return new AlertBench(
                config,
                new Track(Track.Frequency.IMMEDIATE, List.of("noc"), List.of()),
                message -> sender.send(server, message),
                Optional.empty());
    }

    @Test
    void a_peers_text_becomes_no_header_and_no_command() throws Exception { // RFC 9003
        MailServer server = server(port(), MailServer.Security.PLAIN, false, false);
        AlertBench bench = bench(server);

        bench.down(
                "maintenance\r\nBcc: victim@example.net\r\nX-Evil: yes\r\n\r\nhello\r\n.\r\nRSET\r\nMAIL FROM:<x@y>\r\n");
        bench.pass(Duration.ofSeconds(1));

        assertThat(greenMail.getReceivedMessages()).hasSize(1);
        MimeMessage mail = greenMail.getReceivedMessages()[0];
        assertThat(mail.getHeader("Bcc")).isNull();
        assertThat(mail.getHeader("X-Evil")).isNull();
        assertThat(mail.getAllRecipients()).hasSize(1);
        assertThat(GreenMailUtil.getHeaders(mail).lines()).noneMatch(line -> line.startsWith("X-Evil"));
        assertThat(mail.getSubject())
                .contains("maintenance", "Bcc: victim@example.net")
                .doesNotContain("\r", "\n");
        assertThat(mail.getContent().toString()).contains("popbgp show peer nyc-primary");
    }

    @Test
    void ten_flaps_are_twenty_mails_and_a_message_keeps_its_id_while_the_server_is_away() throws Exception { // S37
        MailServer server = server(port(), MailServer.Security.PLAIN, false, false);
        AlertBench bench = bench(server);
        for (int i = 0; i < 9; i++) {
            bench.down("cease");
            bench.up();
        }
        assertThat(greenMail.getReceivedMessages()).hasSize(18);

        greenMail.getSmtp().stopService();
        bench.down("cease");
        bench.up();
        bench.pass(Duration.ofHours(1));
        List<String> ids = bench.status().waiting().stream()
                .map(waiting -> "<" + waiting.id() + "@pop.example.net>")
                .toList();
        assertThat(ids).hasSize(2);
        assertThat(bench.status().waiting().get(0).error()).contains("does not answer");

        GreenMail again = new GreenMail(new ServerSetup(server.port(), LOOPBACK, ServerSetup.PROTOCOL_SMTP));
        again.start();
        try {
            bench.pass(Outbox.LONGEST_WAIT);
            assertThat(again.getReceivedMessages()).hasSize(2);
            assertThat(List.of(
                            again.getReceivedMessages()[0].getMessageID(),
                            again.getReceivedMessages()[1].getMessageID()))
                    .isEqualTo(ids);
        } finally {
            again.stop();
        }
    }
}
