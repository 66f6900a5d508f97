package net.popbgp.daemon.alert;

import java.net.URI;
import java.util.Optional;

/**
 * A URL that messages are posted to. Immutable.
 *
 * @param url http or https; what stands behind the host may be a secret and is not shown
 * @param secret the key of the signature; empty for none
 */
public record Webhook(URI url, Optional<Secret> secret) {

    /** @throws IllegalArgumentException if it is no absolute URL of http or https; the message does not show it */
    public Webhook {
        boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        if (!http || url.getHost() == null || url.getUserInfo() != null || url.getFragment() != null) {
            throw new IllegalArgumentException(
                    "not the URL of a webhook: http or https, a host, no user or password and no fragment are needed");
        }
    }

    /** {@return the URL without what may be secret in it} */
    public String place() {
        return url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
    }

    @Override
    public String toString() {
        return place();
    }
}
