package net.popbgp.daemon.alert;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * The SMTP server that mail is handed to. Immutable.
 *
 * @param host name or address
 * @param port 1..65535
 * @param login empty for no authentication
 * @param from the sender, an address with or without a name
 * @param authorities whose certificates are trusted; empty for those that Java trusts
 */
public record MailServer(
        String host,
        int port,
        Security security,
        Optional<Login> login,
        String from,
        List<X509Certificate> authorities) {

    /** How the connection is protected. */
    public enum Security {
        /** Not at all. */
        PLAIN(25),
        /** By STARTTLS if the server offers it (RFC 3207). */
        STARTTLS_IF_OFFERED(25),
        /** By STARTTLS, or no mail is sent. */
        STARTTLS(587),
        /** By TLS from the first octet on (RFC 8314). */
        SMTPS(465);

        private final int port;

        Security(int port) {
            this.port = port;
        }

        /** {@return the usual port} */
        public int port() {
            return port;
        }

        /** {@return whether nothing is ever sent in clear} */
        public boolean isCertain() {
            return this == STARTTLS || this == SMTPS;
        }
    }

    /** Who we are to the server. Immutable. */
    public record Login(String user, Secret password) {}

    public MailServer {
        authorities = List.copyOf(authorities);
    }
}
