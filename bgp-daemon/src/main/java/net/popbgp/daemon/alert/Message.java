package net.popbgp.daemon.alert;

import java.time.Instant;

/**
 * A message to one address or webhook, until it is delivered or given up. Its text is made once, so every attempt sends the same. Immutable.
 *
 * @param id stays the same over attempts and restarts: the Message-ID of a mail, the delivery id of a webhook
 * @param target the name of the mailing list or webhook
 * @param recipient the address; for a webhook its name
 * @param body plain text, or JSON for a webhook
 * @param attempts how many have failed
 * @param error what went wrong the last time; empty before
 */
record Message(
        String id,
        Channel channel,
        String target,
        String recipient,
        String subject,
        String body,
        Instant created,
        Instant nextAttempt,
        int attempts,
        String error) {

    /** The way that it takes. */
    enum Channel {
        MAIL,
        WEBHOOK
    }

    Message failed(String reason, Instant next) {
        return new Message(id, channel, target, recipient, subject, body, created, next, attempts + 1, reason);
    }

    /** {@return what waits together when the server does not answer: all mail, or one webhook} */
    String route() {
        return channel == Channel.MAIL ? "mail" : "webhook " + target;
    }
}
