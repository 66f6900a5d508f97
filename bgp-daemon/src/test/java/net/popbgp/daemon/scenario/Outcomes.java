package net.popbgp.daemon.scenario;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What became of the tests of scenarios in this run. Thread-safe. */
final class Outcomes implements BeforeTestExecutionCallback, AfterTestExecutionCallback {

    /** Whether a test has passed, and how long it took. */
    record Outcome(boolean passed, Duration time) {}

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(Outcomes.class);
    private static final ThreadLocal<String> ACCOUNT = new ThreadLocal<>();
    private static final Map<Method, Outcome> OUTCOMES = new ConcurrentHashMap<>();

    static Map<Method, Outcome> all() {
        return Map.copyOf(OUTCOMES);
    }

    /** Keeps what a stage has to tell of its play until its test is over. */
    static void account(String text) {
        ACCOUNT.set(text);
    }

    @Override
    public void beforeTestExecution(ExtensionContext context) {
        ACCOUNT.remove();
        context.getStore(NAMESPACE).put("begin", System.nanoTime());
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        String account = ACCOUNT.get();
        ACCOUNT.remove();
        if (context.getExecutionException().isPresent() && account != null) {
            System.err.println(context.getDisplayName() + ": " + account);
        }
        long begin = context.getStore(NAMESPACE).get("begin", Long.class);
        OUTCOMES.put(
                context.getRequiredTestMethod(),
                new Outcome(context.getExecutionException().isEmpty(), Duration.ofNanos(System.nanoTime() - begin)));
    }
}
