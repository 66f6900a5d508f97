package net.popbgp.daemon.site;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import net.popbgp.speaker.BgpSpeaker;
import net.popbgp.speaker.PeerHandle;
import net.popbgp.speaker.RoutePage;
import net.popbgp.speaker.RouteQuery;

/**
 * Reads whole tables of circuits, page after page. They are small, as the cloud's limits are; {@link #MAX_ROWS} bounds them all the same.
 * Thread-safe.
 */
final class CircuitTables {

    /** The most routes that are read of one table; what is beyond is left out. */
    static final int MAX_ROWS = 100_000;

    private final BgpSpeaker speaker;

    CircuitTables(BgpSpeaker speaker) {
        this.speaker = speaker;
    }

    /** {@return what the peer has sent; empty while it has no session} */
    CompletionStage<List<RoutePage.Row>> received(String peer) {
        return established(peer) ? all(RouteQuery.adjRibIn(peer), List.of()) : none();
    }

    /** {@return what the peer was sent, and what is withheld from it; empty while it has no session} */
    CompletionStage<List<RoutePage.Row>> sent(String peer) {
        return established(peer) ? all(RouteQuery.adjRibOut(peer), List.of()) : none();
    }

    private boolean established(String peer) {
        return speaker.peer(peer)
                .map(PeerHandle::status)
                .filter(status -> status.isEstablished())
                .isPresent();
    }

    private static CompletionStage<List<RoutePage.Row>> none() {
        return CompletableFuture.completedFuture(List.of());
    }

    /** A session that is lost while its table is read leaves what was read so far. */
    private CompletionStage<List<RoutePage.Row>> all(RouteQuery query, List<RoutePage.Row> before) {
        return speaker.routes(query.page(query.cursor(), RouteQuery.MAX_LIMIT))
                .exceptionally(CircuitTables::emptyIfGone)
                .thenCompose(page -> {
                    List<RoutePage.Row> rows = new ArrayList<>(before);
                    rows.addAll(page.rows());
                    return page.next().isPresent() && rows.size() < MAX_ROWS
                            ? all(query.page(page.next().getAsLong(), RouteQuery.MAX_LIMIT), rows)
                            : CompletableFuture.completedFuture(rows);
                });
    }

    /** {@return an empty page if there was no such peer any more, or not with a session} */
    static RoutePage emptyIfGone(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof IllegalArgumentException) {
            return new RoutePage(List.of(), OptionalLong.empty());
        }
        throw new CompletionException(cause);
    }
}
