package net.popbgp.daemon.http;

import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32;

/**
 * The web page: files of the program itself, which tell nothing of the daemon and need no credentials. What it shows it asks of the REST
 * interface, with the token of whoever looks at it. Thread-safe.
 */
final class PageRoutes {

    /** Only what comes from here may be loaded and run, so that no text of a peer's can become a script. */
    static final String CONTENT_SECURITY_POLICY =
            "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final String FOLDER = "/page/";

    /** The version is that of the dependency. */
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";

    /** What has another place than {@link #FOLDER}. */
    private static final Map<String, String> LIBRARY =
            Map.of("uplot.js", UPLOT + "uPlot.esm.js", "uplot.css", UPLOT + "uPlot.min.css");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html;charset=utf-8",
            "css", "text/css;charset=utf-8",
            "js", "text/javascript;charset=utf-8",
            "svg", "image/svg+xml");

    /** A file. The tag changes with its content. */
    private record Asset(byte[] content, String type, String tag) {}

    private final Map<String, Asset> assets = new ConcurrentHashMap<>();

    void register(JavalinDefaultRoutingApi routes) {
        routes.before(PageRoutes::protect);
        routes.get("/", context -> serve(context, "index.html"));
        routes.get(FOLDER + "{file}", context -> serve(context, context.pathParam("file")));
    }

    /** What keeps a browser from taking an answer for something else, or from showing it inside of another page. */
    private static void protect(Context context) {
        context.header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer");
    }

    private void serve(Context context, String name) {
        Asset asset = asset(name).orElseThrow(() -> new NotFoundResponse("there is no such file: '" + name + "'"));
        context.header("Cache-Control", "no-cache").header("ETag", asset.tag);
        if (asset.tag.equals(context.header("If-None-Match"))) {
            context.status(304);
        } else {
            context.contentType(asset.type).result(asset.content);
        }
    }

    private Optional<Asset> asset(String name) {
        if (!name.matches("[a-z][a-z-]*\\.(html|css|js|svg)")) {
            return Optional.empty();
        }
        Optional<Asset> asset = Optional.ofNullable(assets.get(name)).or(() -> read(name));
        asset.ifPresent(each -> assets.put(name, each));
        return asset;
    }

    private static Optional<Asset> read(String name) {
        try (InputStream in = PageRoutes.class.getResourceAsStream(LIBRARY.getOrDefault(name, FOLDER + name))) {
            if (in == null) {
                return Optional.empty();
            }
            byte[] content = in.readAllBytes();
            CRC32 sum = new CRC32();
            sum.update(content);
            String type = TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "text/plain");
            return Optional.of(new Asset(content, type, '"' + Long.toHexString(sum.getValue()) + '"'));
        } catch (IOException e) {
            throw new IllegalStateException("the page's file " + name + " cannot be read", e);
        }
    }
}
