package net.popbgp.daemon.site;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for what the speaker answers. Not for its threads, which must not wait for themselves. Pure functions. */
public final class Answers {

    /** The longest wait for the speaker to do one thing. */
    public static final Duration TIMEOUT = Duration.ofSeconds(10);

    private Answers() {}

    /**
     * {@return what the speaker answers}
     *
     * @throws IllegalArgumentException if it says so
     * @throws IllegalStateException if it fails or takes longer than {@link #TIMEOUT}
     */
    public static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof IllegalArgumentException mistake) {
                throw mistake;
            }
            throw new IllegalStateException(
                    Optional.ofNullable(cause.getMessage()).orElse(cause.toString()), cause);
        } catch (TimeoutException e) {
            throw new IllegalStateException("no answer within " + TIMEOUT.toSeconds() + " s", e);
        }
    }
}
