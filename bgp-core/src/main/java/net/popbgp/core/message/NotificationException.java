package net.popbgp.core.message;

/** A peer's error that ends the session: carries the NOTIFICATION to send. Thrown by the codec and the OPEN negotiation only; has no stack trace. */
public final class NotificationException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient NotificationMessage notification;

    /** @param detail for the operator: what was wrong, with the value */
    public NotificationException(NotificationMessage notification, String detail) {
        super(detail, null, false, false);
        this.notification = notification;
    }

    public NotificationMessage notification() {
        return notification;
    }
}
