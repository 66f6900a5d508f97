package net.popbgp.daemon.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;

/** A headless Chromium that looks at the page of a daemon. For one thread. */
final class Browser implements AutoCloseable {

    private static final File CHROMIUM = new File("/usr/bin/chromium");
    private static final File DRIVER = new File("/usr/bin/chromedriver");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ChromeDriver driver;
    private final String base;

    /** {@return which of the programs that are needed is not there; empty if none} */
    static String missing() {
        return Stream.of(CHROMIUM, DRIVER)
                .filter(file -> !file.canExecute())
                .map(File::toString)
                .reduce((a, b) -> a + " and " + b)
                .map(files -> "no " + files + " (Debian packages chromium and chromium-driver)")
                .orElse("");
    }

    Browser(int port) {
        base = "http://127.0.0.1:" + port + "/";
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM);
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--no-first-run");
        options.setCapability("goog:loggingPrefs", Map.of(LogType.BROWSER, "ALL"));
        driver = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(DRIVER)
                        .usingAnyFreePort()
                        .build(),
                options);
        screen(1280, false);
    }

    /** A screen of this width, with light or dark colours wanted. */
    void screen(int width, boolean dark) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    /** Cuts the browser off from the daemon, or not any longer. */
    void offline(boolean offline) {
        driver.executeCdpCommand("Network.enable", Map.of());
        driver.executeCdpCommand(
                "Network.emulateNetworkConditions",
                Map.of("offline", offline, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
    }

    /** Loads the page anew, at a view. */
    void open(String view) {
        driver.get("about:blank");
        driver.get(base + "#" + view);
    }

    /** Goes to a view within the page, and waits until its content is there. */
    void show(String view) {
        run("location.hash = arguments[0]", view);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(run("return document.getElementById('main').dataset.shown"))
                        .isEqualTo("#" + view));
    }

    /** {@return what is shown of the address} */
    String address() {
        return Objects.requireNonNull(driver.getCurrentUrl()).replace(base, "");
    }

    @Nullable
    Object run(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /** {@return what a script of the test resources says} */
    @Nullable
    Object runFile(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(Browser.class.getResourceAsStream(name), name)) {
            return run(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** {@return the text of the first element, empty if there is none} */
    String text(String css) {
        return String.valueOf(run("return document.querySelector(arguments[0])?.innerText ?? ''", css));
    }

    /** {@return the texts of all elements} */
    List<String> texts(String css) {
        List<String> texts = new ArrayList<>();
        Object all = run("return [...document.querySelectorAll(arguments[0])].map((each) => each.innerText)", css);
        ((List<?>) Objects.requireNonNull(all)).forEach(each -> texts.add(String.valueOf(each)));
        return texts;
    }

    /** Waits until the text of an element has all of these. */
    void awaitText(String css, String... parts) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(text(css)).contains(parts));
    }

    /** Clicks; an element that is just being replaced is looked for again. */
    void click(String css) {
        await().atMost(PATIENCE)
                .ignoreException(StaleElementReferenceException.class)
                .until(() -> {
                    List<WebElement> found = driver.findElements(By.cssSelector(css));
                    if (found.isEmpty()) {
                        return false;
                    }
                    found.get(0).click();
                    return true;
                });
    }

    /** Chooses an option of a field of the filters. */
    void choose(String field, String value) {
        click("select[name=" + field + "] option[value='" + value + "']");
    }

    /** Types into whatever has the focus. */
    void type(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
    }

    void tab() {
        type(Keys.TAB);
    }

    /** {@return the text of what has the focus} */
    String focused() {
        return String.valueOf(run("return document.activeElement.innerText"));
    }

    /** {@return what the browser has complained of since the last time: failures of scripts, and what the policy forbids} */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= java.util.logging.Level.WARNING.intValue())
                .map(LogEntry::getMessage)
                .toList();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
