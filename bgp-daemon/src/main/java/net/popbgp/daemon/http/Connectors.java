package net.popbgp.daemon.http;

import java.nio.channels.ServerSocketChannel;
import java.util.Optional;
import net.popbgp.daemon.access.TlsIdentity;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.DetectorConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** How the web server takes connections: by TLS 1.2 and 1.3 if there is a certificate. Thread-safe. */
final class Connectors {

    /** The most octets of all headers of a request; more are answered with 431. */
    static final int MAX_HEADERS = 8192;

    /** How long a connection may be silent, TLS handshake included; ms. */
    static final long IDLE_MILLIS = 30_000;

    private final Optional<SslContextFactory.Server> tls;

    Connectors(Optional<TlsIdentity> identity) {
        tls = identity.map(each -> {
            SslContextFactory.Server factory = new SslContextFactory.Server();
            factory.setIncludeProtocols("TLSv1.3", "TLSv1.2");
            factory.setRenegotiationAllowed(false);
            use(factory, each);
            return factory;
        });
    }

    private static void use(SslContextFactory factory, TlsIdentity identity) {
        factory.setKeyStore(identity.keyStore());
        factory.setKeyStorePassword("");
    }

    /**
     * Shows another certificate to those who connect from now on; connections that there are stay.
     *
     * @throws IllegalStateException if it cannot be used; the one before stays
     */
    void renew(TlsIdentity identity) {
        try {
            tls.orElseThrow().reload(factory -> use(factory, identity));
        } catch (Exception e) { // as Jetty declares it
            throw new IllegalStateException("the certificate cannot be used: " + e.getMessage(), e);
        }
    }

    /** {@return a connector that takes its connections from a channel which listens already} */
    ServerConnector connector(Server jetty, HttpConfiguration http, ServerSocketChannel channel) {
        http.setRequestHeaderSize(MAX_HEADERS);
        http.setSendServerVersion(false);
        ServerConnector connector = new ServerConnector(jetty, factories(http)) {
            @Override
            protected ServerSocketChannel openAcceptChannel() {
                return channel;
            }
        };
        connector.setIdleTimeout(IDLE_MILLIS);
        return connector;
    }

    /** Who speaks plain HTTP to a port with TLS is understood, so that it can be told what is wrong. */
    private ConnectionFactory[] factories(HttpConfiguration http) {
        HttpConnectionFactory plain = new HttpConnectionFactory(http);
        return tls.map(factory -> {
                    // RequestGuard looks at the name, and says more of it.
                    http.addCustomizer(new SecureRequestCustomizer(false, false, -1, false));
                    return new ConnectionFactory[] {
                        new DetectorConnectionFactory(new SslConnectionFactory(factory, plain.getProtocol())), plain
                    };
                })
                .orElseGet(() -> new ConnectionFactory[] {plain});
    }
}
