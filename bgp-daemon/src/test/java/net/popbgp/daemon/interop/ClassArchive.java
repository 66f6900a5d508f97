package net.popbgp.daemon.interop;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import net.popbgp.daemon.ChildJvm;

/**
 * A class-data-sharing archive of what {@code popbgp run} loads, made once in a run of the lab: its some 60 JVMs start with half the work.
 * The archive wants a class path of jars alone, so that the folders of this one are packed first.
 */
final class ClassArchive {

    private static final String CONFIGURATION = """
            local-as: 65000
            warm-up: 0s
            router-id: 198.18.255.1
            peers:
              - {name: nobody, address: 127.0.0.2, remote-as: 65001, import-policy: accept-all, export-policy: accept-all}
            """;

    private static final class Holder {
        static final ClassArchive ARCHIVE = make();
    }

    private final String classPath;
    private final Path file;

    private ClassArchive(String classPath, Path file) {
        this.classPath = classPath;
        this.file = file;
    }

    /** {@return the archive of this JVM's run, made by the first who asks} */
    static ClassArchive get() {
        return Holder.ARCHIVE;
    }

    /** {@return what a JVM is given to use it; it does without where there is none} */
    List<String> options() {
        return List.of("-XX:SharedArchiveFile=" + file, "-Xlog:cds=off", "-cp", classPath);
    }

    private static ClassArchive make() {
        try {
            Path folder = Lab.get().folder("archive");
            Path file = folder.resolve("popbgp.jsa");
            String classPath = jars(folder);
            try (LabProcess process = LabProcess.own(List.of("-XX:ArchiveClassesAtExit=" + file, "-cp", classPath))) {
                Path config = Files.writeString(folder.resolve("popbgp.yaml"), CONFIGURATION);
                process.start("/api/v1/status", "run", config);
                process.terminate();
            }
            if (!Files.exists(file)) {
                System.err.println("no class-data-sharing archive: the lab takes longer");
            }
            return new ClassArchive(classPath, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String jars(Path folder) throws IOException {
        List<String> jars = new ArrayList<>();
        for (String each : ChildJvm.classPath().split(File.pathSeparator)) {
            Path path = Path.of(each);
            if (Files.isDirectory(path)) {
                jars.add(pack(path, folder.resolve(jars.size() + ".jar")).toString());
            } else if (Files.exists(path)) {
                jars.add(each);
            }
        }
        return String.join(File.pathSeparator, jars);
    }

    private static Path pack(Path classes, Path jar) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file);
                Stream<Path> all = Files.walk(classes)) {
            for (Path each : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                out.putNextEntry(
                        new JarEntry(classes.relativize(each).toString().replace(File.separatorChar, '/')));
                Files.copy(each, out);
            }
        }
        return jar;
    }
}
