package net.popbgp.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import net.popbgp.core.net.IpAddresses;
import org.junit.jupiter.api.Test;

class MailboxIT {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(IpAddresses.parse("127.0.0.1"), 0);

    /** Speaks SMTP (RFC 5321) as a client of few words. {@return the last answer} */
    private static String say(Socket socket, String... lines) throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        String answer = in.readLine();
        for (String line : lines) {
            socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
            do {
                answer = in.readLine();
            } while (answer != null && answer.startsWith("250-"));
        }
        return String.valueOf(answer);
    }

    private static String send(Mailbox mailbox, String to, String text) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(mailbox.address(), 5_000);
            socket.setSoTimeout(10_000);
            return say(
                    socket,
                    "EHLO pop.example.net",
                    "MAIL FROM:<popbgp@example.net>",
                    "RCPT TO:<" + to + ">",
                    "DATA",
                    "Subject: test\r\n\r\n" + text + "\r\n.");
        }
    }

    @Test
    void a_mail_is_kept_and_told() throws IOException {
        List<Mailbox.Mail> told = new CopyOnWriteArrayList<>();
        try (Mailbox mailbox = Mailbox.open(ANY_PORT)) {
            mailbox.onMail(told::add);

            assertThat(send(mailbox, "noc@example.net", "the primary is down")).startsWith("250");

            assertThat(mailbox.mails()).singleElement().satisfies(mail -> {
                assertThat(mail.from()).isEqualTo("popbgp@example.net");
                assertThat(mail.to()).isEqualTo("noc@example.net");
                assertThat(mail.source()).contains("Subject: test").contains("the primary is down");
            });
            assertThat(told).isEqualTo(mailbox.mails());
        }
    }

    @Test
    void the_oldest_goes_when_there_are_too_many() throws IOException {
        try (Mailbox mailbox = Mailbox.open(ANY_PORT)) {
            for (int i = 0; i <= Mailbox.MAX_MAILS; i++) {
                send(mailbox, "noc@example.net", "number " + i);
            }

            assertThat(mailbox.mails()).hasSize(Mailbox.MAX_MAILS);
            assertThat(mailbox.mails().get(0).source()).contains("number 1");
        }
    }

    @Test
    void a_port_in_use_is_told_with_the_address() throws IOException {
        try (Mailbox mailbox = Mailbox.open(ANY_PORT)) {
            assertThatIOException()
                    .isThrownBy(() -> Mailbox.open(mailbox.address()))
                    .withMessageContaining("mail: cannot listen on")
                    .withMessageContaining(String.valueOf(mailbox.address().getPort()));
        }
    }
}
