package net.popbgp.sim.virtual;

import java.util.ArrayList;
import java.util.List;
import net.popbgp.core.message.BgpMessage;
import net.popbgp.core.message.NotificationException;
import net.popbgp.session.Wire;

/** Notes what happens on a wire. */
final class RecordingEvents implements Wire.Events {

    final List<BgpMessage> messages = new ArrayList<>();
    final List<String> log = new ArrayList<>();
    int progress;

    @Override
    public void onMessage(BgpMessage message) {
        messages.add(message);
        log.add(message.type().name());
    }

    @Override
    public void onMessageError(NotificationException error) {
        log.add("error " + error.notification());
    }

    @Override
    public void onClosed(String detail) {
        log.add("closed: " + detail);
    }

    @Override
    public void onWritable() {
        log.add("writable");
    }

    @Override
    public void onSendProgress() {
        progress++;
    }
}
