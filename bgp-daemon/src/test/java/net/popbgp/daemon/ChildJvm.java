package net.popbgp.daemon;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How a test runs {@code popbgp} in a process of its own: with its own class path, and quick to start. */
public final class ChildJvm {

    private ChildJvm() {}

    /**
     * {@return the command line}
     *
     * @param options for the JVM, besides those that make it start quickly; may have another class path
     * @param arguments for {@code popbgp}
     */
    public static List<String> popbgp(List<String> options, String... arguments) {
        return main(Main.class, options, arguments);
    }

    /** {@return the command line for another class of this class path} */
    public static List<String> main(Class<?> main, List<String> options, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:+UseSerialGC");
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-cp");
        command.add(classPath());
        command.addAll(options);
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return command;
    }

    /** {@return the class path of this JVM, as Surefire was told} */
    public static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
