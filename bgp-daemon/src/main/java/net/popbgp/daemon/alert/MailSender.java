package net.popbgp.daemon.alert;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.eclipse.angus.mail.util.MailConnectException;

/**
 * Hands one mail to one SMTP server (RFC 5321), with a connection of its own. The name in the server's certificate is checked. Every wait has
 * a limit. Thread-safe.
 */
final class MailSender {

    /** RFC 5322, 3.3. */
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH);

    private final Duration timeout;

    /** @param timeout the longest wait for a connection, for an answer, and for the server to take what is written */
    MailSender(Duration timeout) {
        this.timeout = timeout;
    }

    Outcome send(MailServer server, Message message) {
        try {
            Session session = Session.getInstance(properties(server));
            MimeMessage mail = mail(session, server, message);
            try (SMTPTransport transport = new SMTPTransport(session, null)) {
                connect(transport, server);
                transport.sendMessage(mail, mail.getAllRecipients());
                return Outcome.delivered(transport.getLastServerResponse());
            }
        } catch (MailConnectException e) {
            return Outcome.unreachable(server.host() + " port " + server.port() + " does not answer: " + reason(e));
        } catch (AuthenticationFailedException e) {
            return Outcome.unreachable(server.host() + " does not let us in: " + reason(e));
        } catch (SendFailedException e) {
            return refusal(e).map(Outcome::refused).orElseGet(() -> Outcome.failed(reason(e)));
        } catch (MessagingException e) {
            return e.getNextException() instanceof IOException
                    ? Outcome.unreachable(server.host() + ": " + reason(e))
                    : Outcome.failed(reason(e));
        } catch (GeneralSecurityException | IOException e) {
            return Outcome.failed(e.toString());
        }
    }

    private static void connect(SMTPTransport transport, MailServer server) throws MessagingException {
        if (server.login().isPresent()) {
            MailServer.Login login = server.login().get();
            transport.connect(
                    server.host(), server.port(), login.user(), login.password().reveal());
        } else {
            transport.connect(server.host(), server.port(), null, null);
        }
    }

    private Properties properties(MailServer server) throws GeneralSecurityException, IOException, MessagingException {
        Properties properties = new Properties();
        String millis = Long.toString(timeout.toMillis());
        properties.put("mail.smtp.connectiontimeout", millis);
        properties.put("mail.smtp.timeout", millis);
        properties.put("mail.smtp.writetimeout", millis);
        properties.put("mail.smtp.auth", Boolean.toString(server.login().isPresent()));
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        properties.put("mail.smtp.from", new InternetAddress(server.from(), true).getAddress());
        switch (server.security()) {
            case PLAIN -> properties.put("mail.smtp.starttls.enable", "false");
            case STARTTLS_IF_OFFERED -> properties.put("mail.smtp.starttls.enable", "true");
            case STARTTLS -> {
                properties.put("mail.smtp.starttls.enable", "true");
                properties.put("mail.smtp.starttls.required", "true");
            }
            case SMTPS -> properties.put("mail.smtp.ssl.enable", "true");
        }
        if (!server.authorities().isEmpty()) {
            properties.put("mail.smtp.ssl.socketFactory", trusting(server));
        }
        return properties;
    }

    private static SSLSocketFactory trusting(MailServer server) throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        for (int i = 0; i < server.authorities().size(); i++) {
            trusted.setCertificateEntry("authority-" + i, server.authorities().get(i));
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context.getSocketFactory();
    }

    /** {@return the mail} Nothing in a header has a line break: {@link Texts#line} has taken them out, and addresses were checked. */
    static MimeMessage mail(Session session, MailServer server, Message message) throws MessagingException {
        InternetAddress from = new InternetAddress(server.from(), true);
        String domain = from.getAddress().substring(from.getAddress().indexOf('@') + 1);
        MimeMessage mail = new MimeMessage(session) {
            @Override
            protected void updateMessageID() throws MessagingException {
                setHeader("Message-ID", "<" + message.id() + "@" + domain + ">");
            }
        };
        mail.setFrom(from);
        mail.setRecipient(jakarta.mail.Message.RecipientType.TO, recipient(message));
        mail.setSubject(Texts.line(message.subject()), StandardCharsets.UTF_8.name());
        mail.setHeader("Date", DATE.format(message.created().atOffset(ZoneOffset.UTC)));
        mail.setHeader("Auto-Submitted", "auto-generated"); // RFC 3834, 5
        mail.setHeader("X-Mailer", "PopBGP");
        mail.setText(message.body().replace("\n", "\r\n"), StandardCharsets.UTF_8.name());
        return mail;
    }

    private static InternetAddress recipient(Message message) throws MessagingException {
        try {
            return new InternetAddress(message.recipient(), message.target(), StandardCharsets.UTF_8.name());
        } catch (UnsupportedEncodingException e) {
            throw new MessagingException("UTF-8", e);
        }
    }

    /** {@return the server's words, if it will never take mail for this address} */
    private static Optional<String> refusal(SendFailedException failure) {
        Exception next = failure;
        for (int depth = 0; next instanceof MessagingException each && depth < 10; depth++) {
            if (each instanceof SMTPAddressFailedException address && address.getReturnCode() / 100 == 5) {
                return Optional.of(reason(address));
            }
            next = each.getNextException();
        }
        return Optional.empty();
    }

    private static String reason(MessagingException failure) {
        Exception next = failure.getNextException();
        String text = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        return next == null || next.getMessage() == null || text.contains(next.getMessage())
                ? text
                : text + " (" + next.getMessage() + ")";
    }
}
