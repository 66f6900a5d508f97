package net.popbgp.daemon;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import net.popbgp.daemon.config.ConfigDiff;
import net.popbgp.daemon.config.ConfigException;
import net.popbgp.daemon.config.ConfigReader;
import net.popbgp.daemon.config.DaemonConfig;
import net.popbgp.daemon.config.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the daemon from one configuration to the next. What is new is checked as a whole before anything of it is applied.
 *
 * <p>Thread-safe: reloads exclude each other.
 */
final class Reloads {

    private static final Logger LOG = LoggerFactory.getLogger("popbgp");

    private final AtomicReference<DaemonConfig> inForce;
    private final Optional<Path> file;
    private final SpeakerSteps steps;
    private final Watchers watchers;
    private final ChangeLog changeLog;
    private final Object reloading;
    private final List<Daemon.Follower> followers = new CopyOnWriteArrayList<>();

    Reloads(
            AtomicReference<DaemonConfig> inForce,
            Optional<Path> file,
            SpeakerSteps steps,
            Watchers watchers,
            ChangeLog changeLog) {
        this.inForce = inForce;
        this.file = file;
        this.steps = steps;
        this.watchers = watchers;
        this.changeLog = changeLog;
        this.reloading = watchers.changing();
    }

    private DaemonConfig config() {
        return Objects.requireNonNull(inForce.get());
    }

    void add(Daemon.Follower follower) {
        followers.add(follower);
    }

    /** As {@link Daemon#reload}. */
    Reload reload(String who) throws ConfigException {
        try {
            if (file.isEmpty()) {
                throw new ConfigException(
                        List.of(new Problem(Problem.Severity.ERROR, "", 0, "this daemon was started without a file")));
            }
            return apply(ConfigReader.read(file.get()), who);
        } catch (ConfigException e) {
            changeLog.refused(who, e.problems());
            throw e;
        }
    }

    /** As {@link Daemon#replace}. */
    Reload replace(String document, String who) throws ConfigException {
        try {
            return apply(ConfigReader.parse(document, directory(), System::getenv), who);
        } catch (ConfigException e) {
            changeLog.refused(who, e.problems());
            throw e;
        }
    }

    /** As {@link Daemon#changeSites}. */
    Reload changeSites(UnaryOperator<ArrayNode> change, String who) throws ConfigException {
        synchronized (reloading) {
            ObjectNode document = config().document().deepCopy();
            document.set("sites", change.apply(document.withArray("sites").deepCopy()));
            try {
                return apply(ConfigReader.parse(document.toString(), directory(), System::getenv), who);
            } catch (ConfigException e) {
                // The lines are those of a document that nobody has seen.
                List<Problem> problems = e.problems().stream()
                        .map(each -> new Problem(each.severity(), each.path(), 0, each.message()))
                        .toList();
                changeLog.refused(who, problems);
                throw new ConfigException(problems);
            }
        }
    }

    private Path directory() {
        return file.map(ConfigReader::directoryOf).orElse(Path.of("/"));
    }

    private Reload apply(DaemonConfig wanted, String who) throws ConfigException {
        synchronized (reloading) {
            DaemonConfig before = config();
            DaemonConfig next = watchers.withSummaries(wanted);
            ConfigDiff diff = ConfigDiff.between(before, next);
            if (!diff.needsRestart().isEmpty()) {
                throw new ConfigException(diff.needsRestart());
            }
            watchers.expect(next, before);
            List<Reload.Step> done = new ArrayList<>(steps.apply(diff, next, before));
            inForce.set(steps.reached(next));
            done.addAll(watchers.follow(next, before));
            followers.forEach(each -> done.addAll(each.follow(next, before)));
            done.forEach(each -> LOG.info(LogLine.of(
                    "event", "reload", "subject", each.subject(), "action", each.action(), "detail", each.detail())));
            LOG.info(LogLine.of("event", "reloaded", "steps", done.size()));
            Reload reload = new Reload(done);
            changeLog.reloaded(who, reload);
            return reload;
        }
    }
}
