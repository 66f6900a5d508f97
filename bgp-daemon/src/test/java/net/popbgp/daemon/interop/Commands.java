package net.popbgp.daemon.interop;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** Short programs that are run to their end. */
final class Commands {

    static final long SECONDS = 60;

    private static final ObjectMapper JSON = new ObjectMapper();

    private Commands() {}

    /**
     * Runs a program. {@return what it printed}
     *
     * @throws IOException if it fails or is not ended in 60 s, with what it printed
     */
    static String run(String... command) throws IOException, InterruptedException {
        return run(List.of(command));
    }

    static String run(List<String> command) throws IOException, InterruptedException {
        return run(command, SECONDS);
    }

    /**
     * The same.
     *
     * @param seconds how long it may take
     */
    static String run(List<String> command, long seconds) throws IOException, InterruptedException {
        return run(command, seconds, "");
    }

    /**
     * The same.
     *
     * @param input what it reads
     */
    static String run(List<String> command, long seconds, String input) throws IOException, InterruptedException {
        Process process = start(command, seconds, input);
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        if (code != 0) {
            throw new IOException(String.join(" ", command) + ": exit " + code + ", " + text);
        }
        return text;
    }

    private static Process start(List<String> command, long seconds, String input) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        Janitor.mark(builder);
        Process process = builder.start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
        CompletableFuture.delayedExecutor(seconds, TimeUnit.SECONDS).execute(process::destroyForcibly);
        return process;
    }

    /**
     * Runs a program that prints a JSON object, and hands over the object's fields one by one: there may be very many.
     *
     * @param outer the field whose object is meant, empty for the whole
     * @throws IOException if what it prints is none
     */
    static void eachField(List<String> command, String outer, BiConsumer<String, JsonNode> consumer)
            throws IOException, InterruptedException {
        Process process = start(command, SECONDS, "");
        try (JsonParser parser = JSON.createParser(process.getInputStream())) {
            parser.nextToken();
            if (!outer.isEmpty()) {
                enter(parser, outer);
            }
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                parser.nextToken();
                consumer.accept(name, JSON.readTree(parser));
            }
        }
        process.waitFor();
    }

    private static void enter(JsonParser parser, String outer) throws IOException {
        for (String name = parser.nextFieldName(); !outer.equals(name); name = parser.nextFieldName()) {
            if (name == null) {
                throw new IOException("no field '" + outer + "'");
            }
            parser.nextToken();
            parser.skipChildren();
        }
        parser.nextToken();
    }
}
