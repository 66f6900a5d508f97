package net.popbgp.daemon.config;

import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import net.popbgp.daemon.access.AccessToken;

/**
 * What a daemon's file tells a command that is to ask it. Immutable.
 *
 * @param certificate the daemon's own, first of its chain; empty for plain HTTP
 * @param token one that can be read, an operator's if there is one; empty if none is needed
 */
public record ApiClient(InetSocketAddress listen, List<X509Certificate> certificate, Optional<AccessToken> token) {

    public ApiClient {
        certificate = List.copyOf(certificate);
    }
}
