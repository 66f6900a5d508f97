package net.popbgp.session;

import net.popbgp.core.codec.CodecOptions;
import net.popbgp.core.message.MessageType;
import net.popbgp.engine.RibCommand;
import net.popbgp.engine.RibEngine;
import net.popbgp.engine.RibPeer;
import net.popbgp.engine.UpdateBatch;

/**
 * Sends one Established session's routes. The RIB thread gives a batch for every grant it holds; a grant goes back once its batch was
 * written and the connection has room. So at most two batches wait for a peer that reads slowly, and all else stays in the tables, where the
 * latest route of a prefix replaces the one before.
 *
 * <p>Confined to the peer's loop.
 */
final class UpdateSender {

    private final Wire wire;
    private final CodecOptions options;
    private final RibEngine engine;
    private final RibPeer ribPeer;
    private final SessionCounters counters;
    private final Runnable updatesSent;
    private int owed;

    /** @param updatesSent called when at least one UPDATE has gone out */
    UpdateSender(
            Wire wire,
            CodecOptions options,
            RibEngine engine,
            RibPeer ribPeer,
            SessionCounters counters,
            Runnable updatesSent) {
        this.wire = wire;
        this.options = options;
        this.engine = engine;
        this.ribPeer = ribPeer;
        this.counters = counters;
        this.updatesSent = updatesSent;
    }

    /** {@return how many prefixes did not fit a message} */
    int send(UpdateBatch batch) {
        UpdateBatch.Encoded encoded = batch.encode(options);
        if (encoded.messages() > 0) {
            wire.sendEncoded(encoded.octets(), encoded.messages());
            int updates = encoded.messages() - encoded.refreshMarkers();
            counters.sent(MessageType.UPDATE, updates);
            counters.sent(MessageType.ROUTE_REFRESH, encoded.refreshMarkers());
            if (updates > 0) {
                updatesSent.run();
            }
        }
        owed++;
        grant();
        return encoded.oversized();
    }

    /** Gives grants back while there is room. */
    void grant() {
        while (owed > 0 && wire.isWritable()) {
            owed--;
            engine.submit(new RibCommand.Grant(ribPeer));
        }
    }
}
