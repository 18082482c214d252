package dev.lockstep.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import dev.lockstep.pair.Pair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The console in a real browser; screenshots are in {@code target/screenshots}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrowserTest {
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");
  private static final List<String> PAGES =
      List.of(
          "/",
          "/incidents",
          "/dead-letters",
          "/conflicts",
          "/duplicates",
          "/action-items",
          "/postmortems",
          "/audit",
          "/mappings",
          "/settings");

  private static final String FITS =
      "document.documentElement.scrollWidth <= document.documentElement.clientWidth";

  private final ConsoleRig rig = new ConsoleRig();
  private final List<String> errors = new ArrayList<>();
  private Playwright playwright;
  private Browser browser;

  private static Path chromium() {
    return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }

  @BeforeAll
  void start() {
    Path chromium = chromium();
    Assumptions.assumeTrue(
        chromium != null,
        "No Chromium: the console is not tested in a browser. On Debian: apt-get install chromium");
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(chromium)
                    .setArgs(
                        List.of(
                            "--headless",
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-quic",
                            "--no-first-run",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync")));
  }

  @AfterAll
  void stop() {
    if (playwright != null) {
      playwright.close();
    }
  }

  private Page page(ColorScheme scheme, int width, int height) {
    BrowserContext context =
        browser.newContext(
            new Browser.NewContextOptions().setColorScheme(scheme).setViewportSize(width, height));
    Page page = context.newPage();
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error") || message.type().equals("warning")) {
            errors.add(message.text() + " at " + message.location());
          }
        });
    page.onPageError(error -> errors.add(error));
    page.onDialog(
        dialog -> {
          errors.add("dialog: " + dialog.message());
          dialog.dismiss();
        });
    return page;
  }

  private static void open(Page page, String path) {
    page.navigate(ConsoleRig.address() + path);
  }

  private static String name(String path) {
    return path.equals("/") ? "overview" : path.substring(1).replaceAll("[^a-z0-9]+", "-");
  }

  @Test
  void everyPageIsReadableInDarkAndLightOnDesktopAndPhone() {
    rig.fill();
    List<String> pages = new ArrayList<>(PAGES);
    List<String> problems = new ArrayList<>();
    pages.add("/incidents/INC0010001?detail=3");
    pages.add("/incidents/INC0010006");
    pages.add("/incidents/INC0010005/");
    pages.add("/duplicates/INC0010002");
    for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      for (int width : new int[] {1280, 390}) {
        Page page = page(scheme, width, 900);
        for (String path : pages) {
          open(page, path);
          assertThat(page.locator("h1").count()).as(path).isEqualTo(1);
          page.screenshot(
              new Page.ScreenshotOptions()
                  .setFullPage(true)
                  .setPath(
                      SCREENSHOTS.resolve(
                          "%s-%s-%d.png"
                              .formatted(name(path), scheme.name().toLowerCase(), width))));
          String where = "%s %s %d".formatted(path, scheme, width);
          if (Boolean.FALSE.equals(page.evaluate(FITS))) {
            problems.add(where + ": scrolls sideways");
          }
          for (Rule rule : new AxeBuilder(page).analyze().getViolations()) {
            problems.add(where + ": " + rule.getId() + " " + rule.getNodes());
          }
        }
        page.context().close();
      }
    }
    assertThat(problems).isEmpty();
    assertThat(errors).isEmpty();
  }
}
