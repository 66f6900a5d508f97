package net.popbgp.daemon.interop;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/** Plays a {@link Feature} in every field of its row, and notes the outcome. */
final class Matrix implements TestTemplateInvocationContextProvider {

    /** Names the one daemon to play with, for who works on its rows; unset for all. */
    private static final String ONLY = System.getProperty("interop.daemon", "");

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return true;
    }

    @Override
    public boolean mayReturnZeroTestTemplateInvocationContexts(ExtensionContext context) {
        return !ONLY.isEmpty();
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        Method method = context.getRequiredTestMethod();
        List<TestTemplateInvocationContext> cells = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            if (ONLY.isEmpty() || ONLY.equalsIgnoreCase(kind.title)) {
                directions(method, kind).stream()
                        .map(direction -> new Invocation(method, kind, direction))
                        .forEach(cells::add);
            }
        }
        return cells.stream();
    }

    /** {@return why a daemon cannot do what a row says, in a direction} */
    static Optional<Quirk> cannot(Method method, Kind kind, Direction direction) {
        return Arrays.stream(method.getAnnotationsByType(Quirk.class))
                .filter(each -> each.daemon() == kind && each.cannot())
                .filter(each -> List.of(each.directions()).contains(direction))
                .findFirst();
    }

    /** {@return the directions in which a row is played with a daemon} */
    static List<Direction> directions(Method method, Kind kind) {
        return Arrays.stream(method.getAnnotation(Feature.class).directions())
                .filter(each -> cannot(method, kind, each).map(Quirk::instead).orElse(true))
                .toList();
    }

    private record Invocation(Method method, Kind kind, Direction direction) implements TestTemplateInvocationContext {

        @Override
        public String getDisplayName(int index) {
            return kind.title + ", " + direction.title;
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(new SceneResolver(this));
        }
    }

    private record SceneResolver(Invocation invocation) implements ParameterResolver, AfterTestExecutionCallback {

        private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(Scene.class);

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return Scene.class.isAssignableFrom(parameter.getParameter().getType());
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            Lab.require(invocation.kind.required());
            try {
                Scene scene = Scene.of(parameter.getParameter().getType(), invocation.kind, invocation.direction);
                context.getStore(NAMESPACE).put(Scene.class, scene); // closed with the invocation
                return scene;
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void afterTestExecution(ExtensionContext context) {
            boolean passed = context.getExecutionException().isEmpty();
            InteropReport.note(invocation.method, invocation.kind, invocation.direction, passed);
            Scene scene = context.getStore(NAMESPACE).get(Scene.class, Scene.class);
            if (!passed && scene != null) {
                System.err.println(scene.report());
            }
        }
    }
}
