package net.popbgp.daemon.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * A shell of its own session that outlives this JVM. It makes the run's namespaces itself, one after the other, and clears when its input
 * ends, which it does however the JVM ends: so no namespace can come after the clearing. That nobody reads its answers then must not end it.
 *
 * <p>It clears in this order: the names of the namespaces, after which no process can enter one any more; the processes, until none is found
 * that bears the run's mark in its environment; the files. What a run has left whose janitor was ended, too, the next run's janitor clears.
 *
 * <p>Thread-safe.
 */
final class Janitor {

    /** What the names of all namespaces, folders and marks begin with; the JVM's process id comes next. */
    static final String PREFIX = "popbgp-";

    private static final String MARK = "POPBGP_LAB";

    private static final String SCRIPT = """
            trap '' PIPE
            cd /
            namespaces() { ip netns list | cut -d ' ' -f 1 | grep "^$1"; }
            marked() { grep -lzsxF "$MARK=$1" /proc/[0-9]*/environ; }
            clear() {
              namespaces "$1-" | while read -r each; do ip netns del "$each"; done
              rounds=0
              while found=$(marked "$1"); [ -n "$found" ] && [ $rounds -lt 500 ]; do
                for each in $found; do each=${each%/environ}; kill -9 "${each#/proc/}"; done
                rounds=$((rounds + 1))
                sleep 0.02
              done
              rm -rf "$TMP/$1".*
            }
            namespaces "$PREFIX" | sed -n "s/^\\($PREFIX[0-9]*\\)-[0-9]*$/\\1/p" | sort -u | while read -r each; do
              [ "$each" != "$RUN" ] && [ -e "/proc/${each#$PREFIX}" ] || clear "$each"
            done
            mktemp -d "$TMP/$RUN.XXXXXX" >&3 || exit
            while read -r action name; do
              case $action in
                add) ip netns add "$name" && ip -n "$name" link set lo up ;;
                clear) clear "$RUN" || : ;;
              esac
              echo "exit $?" >&3
            done
            clear "$RUN"
            """;

    /** What the names of this run's namespaces begin with. */
    static final String RUN = PREFIX + ProcessHandle.current().pid();

    private final Process shell;
    private final BufferedReader answers;
    private final Writer orders;
    private final Path folder;

    Janitor() throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder("setsid", "sh", "-c", "exec 3>&1 >/dev/null 2>&1; " + SCRIPT, "popbgp-janitor");
        Map<String, String> environment = builder.environment();
        environment.put("MARK", MARK);
        environment.put("PREFIX", PREFIX);
        environment.put("RUN", RUN);
        environment.put("TMP", System.getProperty("java.io.tmpdir", "/tmp"));
        shell = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        answers = new BufferedReader(new InputStreamReader(shell.getInputStream(), StandardCharsets.UTF_8));
        orders = shell.outputWriter(StandardCharsets.UTF_8);
        folder = Path.of(answer());
    }

    /** {@return the folder of this run's files} */
    Path folder() {
        return folder;
    }

    long pid() {
        return shell.pid();
    }

    /** Marks a process that is about to be started as one of this run. */
    static void mark(ProcessBuilder builder) {
        builder.environment().put(MARK, RUN);
    }

    /** Makes a namespace, with its loopback interface up; not possible any more once the JVM ends. */
    void addNamespace(String name) throws IOException {
        order("add " + name);
    }

    /** Clears now what there is; what comes after is cleared when the JVM has ended. */
    void clear() {
        try {
            order("clear");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized void order(String order) throws IOException {
        orders.write(order + '\n');
        orders.flush();
        String answer = answer();
        if (!answer.equals("exit 0")) {
            throw new IOException(order + ": " + answer);
        }
    }

    private String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("the janitor has ended");
        }
        return line;
    }
}
