package net.popbgp.daemon.restart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.RouterId;
import net.popbgp.speaker.GracefulRestart;

/**
 * The file that a {@link RunState} is in, as JSON. It is replaced as a whole: a reader sees the old or the new one. Its time of modification
 * says when the run was last alive. Used by one thread at a time.
 */
final class StateFile {

    /** The longest file that is read, octets. */
    static final int MAX_SIZE = 4 << 20;

    static final String FORMAT = "popbgp-restart-state";
    static final int VERSION = 1;

    private static final Duration LONGEST =
            GracefulRestart.MAX_RESTART_TIME.plus(GracefulRestart.MAX_LONG_LIVED_STALE_TIME);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path path;

    StateFile(Path path) {
        this.path = path;
    }

    /**
     * {@return what the last run has left, its sessions lost when it was last alive; empty if there is no file}
     *
     * @throws IOException that says why, if the file cannot be read or is not what it should be
     */
    Optional<RunState> read() throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            Instant alive = Files.getLastModifiedTime(path).toInstant();
            byte[] octets = in.readNBytes(MAX_SIZE + 1);
            if (octets.length > MAX_SIZE) {
                throw new IOException("longer than " + MAX_SIZE + " octets");
            }
            return Optional.of(state(JSON.readTree(octets)).ended(alive));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (JsonProcessingException e) {
            throw new IOException("not JSON: " + e.getOriginalMessage(), e);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IOException("damaged: " + e.getMessage(), e);
        }
    }

    private static RunState state(JsonNode json) throws IOException {
        if (!json.path("format").asText().equals(FORMAT)) {
            throw new IOException("not a file of this daemon");
        }
        if (json.path("version").asInt() != VERSION) {
            throw new IOException("of version " + json.path("version") + ", this daemon knows version " + VERSION);
        }
        List<RunState.Peer> peers = new ArrayList<>();
        for (JsonNode peer : member(json, "peers", JsonNode::isArray)) {
            peers.add(peer(peer));
        }
        return new RunState(
                text(json, "boot-id"), Asn.of(number(json, "local-as")), RouterId.of(text(json, "router-id")), peers);
    }

    private static RunState.Peer peer(JsonNode json) {
        Duration keeps = Duration.ofSeconds(number(json, "keeps-seconds"));
        if (keeps.isNegative() || keeps.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("keeps routes for a time out of range: " + keeps);
        }
        return new RunState.Peer(
                text(json, "name"),
                IpAddresses.parse(text(json, "address")),
                keeps,
                json.has("lost-at") ? Optional.of(Instant.parse(text(json, "lost-at"))) : Optional.empty());
    }

    private static String text(JsonNode json, String key) {
        return member(json, key, JsonNode::isTextual).asText();
    }

    private static long number(JsonNode json, String key) {
        return member(json, key, JsonNode::canConvertToLong).asLong();
    }

    private static JsonNode member(JsonNode json, String key, java.util.function.Predicate<JsonNode> kind) {
        JsonNode value = json.path(key);
        if (!kind.test(value)) {
            throw new IllegalArgumentException("'" + key + "' is missing or of another kind");
        }
        return value;
    }

    /** Replaces the file; it is on the disk, or as it was, when this returns or throws. */
    void write(RunState state) throws IOException {
        Path next = path.resolveSibling(path.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer octets =
                    ByteBuffer.wrap(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json(state)));
            while (octets.hasRemaining()) {
                channel.write(octets);
            }
            channel.force(true);
        }
        Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        syncDirectory();
    }

    private static ObjectNode json(RunState state) {
        ObjectNode json = JSON.createObjectNode()
                .put("format", FORMAT)
                .put("version", VERSION)
                .put("boot-id", state.bootId())
                .put("local-as", state.localAs().value())
                .put("router-id", state.routerId().toString());
        ArrayNode peers = json.putArray("peers");
        for (RunState.Peer peer : state.peers()) {
            ObjectNode entry = peers.addObject()
                    .put("name", peer.name())
                    .put("address", IpAddresses.text(peer.address()))
                    .put("keeps-seconds", peer.keeps().toSeconds());
            peer.lostAt().ifPresent(at -> entry.put("lost-at", at.toString()));
        }
        return json;
    }

    /** Says that the run is alive, and the file still true. */
    void touch(Instant now) throws IOException {
        Files.setLastModifiedTime(path, FileTime.from(now));
    }

    /** Removes the file, if it is there: nothing is left of the run. */
    void delete() throws IOException {
        if (Files.deleteIfExists(path)) {
            syncDirectory();
        }
    }

    /** The name of the file is on the disk only then. */
    private void syncDirectory() throws IOException {
        Path directory = path.toAbsolutePath().getParent();
        if (directory != null) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
