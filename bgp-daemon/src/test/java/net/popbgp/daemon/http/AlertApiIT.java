package net.popbgp.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import net.popbgp.daemon.Daemon;
import net.popbgp.daemon.cli.TestCommand;
import net.popbgp.daemon.config.ConfigReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon with a mail server on loopback, asked by the command line. */
class AlertApiIT {

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final GreenMail mails = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    private Daemon daemon;
    private ApiServer api;

    @BeforeEach
    void start() throws Exception {
        mails.start();
        Path file = directory.resolve("popbgp.yaml");
        Files.writeString(file, """
                local-as: 65001
                router-id: 10.0.0.1
                api: {listen: "127.0.0.1:0"}
                warm-up: 0s
                alerts:
                  mail: {host: 127.0.0.1, port: %d, security: plain, from: popbgp@example.net}
                  mailing-lists: {noc: [a@example.net, b@example.net]}
                  webhooks: {chat: {url: "http://127.0.0.1:9/t0p"}}
                """.formatted(mails.getSmtp().getPort()));
        daemon = Daemon.create(ConfigReader.read(file), Optional.of(file));
        api = new ApiServer(daemon);
        api.start();
        daemon.start();
    }

    @AfterEach
    void stop() {
        api.close();
        daemon.close();
        mails.stop();
    }

    private int execute(String... arguments) {
        return TestCommand.run(api.port(), out, err, arguments);
    }

    @Test
    void alert_test_sends_to_each_address_and_prints_the_answer() {
        assertThat(execute("alert", "test", "noc")).isZero();

        List<String> lines = out.toString().lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).matches("TO +RESULT +TIME +ANSWER");
        assertThat(lines.get(1)).matches("a@example.net +delivered +\\d+ ms +250 OK");
        assertThat(mails.getReceivedMessages()).hasSize(2);
    }

    @Test
    void alert_test_says_what_went_wrong_and_exits_with_1() {
        mails.getSmtp().stopService();

        assertThat(execute("alert", "test", "noc")).isEqualTo(1);
        assertThat(out.toString()).contains("not delivered", "127.0.0.1 port", "does not answer");
        assertThat(execute("alert", "test", "chat")).isEqualTo(1);
        assertThat(out.toString())
                .contains("http://127.0.0.1:9 does not answer")
                .doesNotContain("t0p");
    }

    @Test
    void alert_test_of_an_unknown_name_lists_those_that_there_are() {
        assertThat(execute("alert", "test", "nco")).isEqualTo(1);
        assertThat(err.toString())
                .isEqualToIgnoringNewLines(
                        "popbgp: there is no mailing list or webhook named 'nco'; there are chat, noc");
    }

    @Test
    void show_alerts_says_how_they_stand() {
        assertThat(execute("show", "alerts")).isZero();
        assertThat(out.toString()).contains("0 sent, 0 waiting", "no open windows", "no messages waiting");
        assertThat(out.toString()).contains("in memory only");
        assertThat(daemon.scrape()).contains("popbgp_alerts_waiting", "popbgp_alerts_sent_total{channel=\"mail\"}");
    }

    @Test
    void show_config_hides_what_lets_in_whoever_knows_it() {
        assertThat(execute("show", "config")).isZero();
        assertThat(out.toString()).contains("http://127.0.0.1:9/(hidden)").doesNotContain("t0p");
    }

    @Test
    void show_lan_monitoring_says_that_there_is_none() {
        assertThat(execute("show", "lan-monitoring")).isZero();
        assertThat(out.toString()).isEqualToIgnoringNewLines("no monitored hosts");
        assertThat(execute("show", "lan-monitoring", "nowhere")).isEqualTo(1);
        assertThat(err.toString()).contains("there is no site 'nowhere'");
    }
}
