package dev.lockstep.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.args.AxeRunOptions;
import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.lockstep.pair.Pair;
import dev.lockstep.pause.PauseScope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
          "/communications",
          "/reports",
          "/dead-letters",
          "/conflicts",
          "/duplicates",
          "/problems",
          "/action-items",
          "/postmortems",
          "/audit",
          "/plans",
          "/maintenance",
          "/mappings",
          "/settings",
          "/users",
          "/tokens");

  private static final String FITS =
      "document.documentElement.scrollWidth <= document.documentElement.clientWidth";

  private final ConsoleRig rig = new ConsoleRig();
  private final List<String> errors = new ArrayList<>();
  private String session = "";
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

  /** Logs in once: log-ins are limited. */
  private String session() {
    if (session.isEmpty()) {
      try (BrowserContext context = browser.newContext()) {
        Page page = context.newPage();
        open(page, "/login");
        page.getByLabel("Name").fill(ConsoleRig.USER);
        page.getByLabel("Password").fill(ConsoleRig.PASSWORD);
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Log in")).click();
        page.waitForURL(url -> !url.contains("/login"));
        session = context.storageState();
      }
    }
    return session;
  }

  private Page page(ColorScheme scheme, int width, int height) {
    BrowserContext context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setStorageState(session())
                .setColorScheme(scheme)
                .setViewportSize(width, height));
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
    pages.add("/incidents/INC0010005");
    pages.add("/duplicates/INC0010002");
    pages.add("/communications/INC0010004/executives");
    pages.add("/incident-managers/INC0010004");
    pages.add(
        "/plans/" + rig.jdbc.sql("select max(id) from saved_plan").query(Long.class).single());
    // Each theme and each layout once: the checks take longer than everything else.
    Map<ColorScheme, Integer> widths = Map.of(ColorScheme.LIGHT, 1280, ColorScheme.DARK, 390);
    widths.forEach(
        (scheme, width) -> {
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
                                .formatted(
                                    name(path), scheme.name().toLowerCase(Locale.ROOT), width))));
            String where = "%s %s %d".formatted(path, scheme, width);
            if (Boolean.FALSE.equals(page.evaluate(FITS))) {
              problems.add(where + ": scrolls sideways");
            }
            problems.addAll(violations(page).stream().map(found -> where + ": " + found).toList());
          }
          page.context().close();
        });
    assertThat(problems).isEmpty();
    assertThat(errors).isEmpty();
  }

  @Test
  void everyButtonAsksAndThenDoesWhatItSays() {
    Pair portal = rig.empty().pair("Portal down", "Portal", "ann");
    Pair other = rig.pair("Portal slow", "Portal", "bob");
    Pair third = rig.pair("Portal?", "Portal", "cy");
    Pair fourth = rig.pair("Portal!", "Portal", "dee");
    rig.duplicate(other, portal, "PROPOSED");
    rig.duplicate(third, portal, "PROPOSED");
    rig.duplicate(fourth, portal, "LINKED");
    rig.deadLetter(portal, "rejected", "PUT /x", "403", "Grant it.");
    rig.deadLetter(other, "rejected", "PUT /y", "403", "Grant it.");
    rig.deadLetter(third, "rejected", "PUT /z", "403", "Grant it.");
    Page page = page(ColorScheme.DARK, 1280, 900);

    press(page, "/dead-letters", "Retry…", "", "is retried");
    press(page, "/dead-letters", "Discard…", "obsolete", "is discarded");
    press(page, "/dead-letters", "Discard all 1…", "obsolete", "1 dead letters are discarded");
    press(page, "/duplicates", "Accept… INC0010002", "", "is being linked to INC0010001");
    press(page, "/duplicates", "Reject… INC0010003", "", "will not be proposed again");
    press(page, "/duplicates", "Split… INC0010004", "", "is being unlinked");
    press(page, "/incidents/INC0010004", "Reconcile now…", "", "being fetched and reconciled");
    press(page, "/incidents/INC0010004", "Unlink this pair…", "wrong ticket", "no longer synced");
    open(page, "/incidents/INC0010001");
    assertThat(page.locator("main a[target=_blank]").first().getAttribute("href"))
        .isEqualTo("https://servicenow.example.com/9d385011");
    assertThat(errors).isEmpty();
    page.context().close();
  }

  @Test
  void anUpdateIsDraftedReviewedAndSentOnce() {
    rig.due(rig.empty().pair("Portal down", "Portal", "ann"), -5);
    Page page = page(ColorScheme.LIGHT, 1280, 900);
    open(page, "/communications");
    assertThat(page.locator("main tbody tr").first().textContent())
        .contains("overdue", "Executives", "P2");
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Draft…")).click();
    Locator text = page.getByLabel("Text");
    assertThat(text.inputValue()).isEqualTo("P2 INC0010001: Portal down");
    text.fill("We found the cause.\n\n<b>More</b> soon.");
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Review…")).click();
    assertThat(page.locator("pre.draft").textContent())
        .isEqualTo("We found the cause.\n\n<b>More</b> soon.");
    assertThat(page.locator("main").textContent()).contains("'ann' is no e-mail address");
    assertThat(violations(page)).isEmpty();
    page.screenshot(
        new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve("confirm-update.png")));
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Send update")).dblclick();
    page.waitForURL("**/incidents/INC0010001");
    assertThat(page.locator("#updates-title ~ ol .text").allTextContents())
        .containsExactly("We found the cause.\n\n<b>More</b> soon.");
    assertThat(page.locator(".timeline").textContent())
        .contains("Sent update 1 to Executives, late");
    assertThat(errors).isEmpty();
    page.context().close();
  }

  /** Presses a button, on the page that then asks the one that does it, and reads the answer. */
  private void press(Page page, String path, String label, String reason, String answer) {
    open(page, path);
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(label)).first().click();
    if (!reason.isEmpty()) {
      page.locator(".confirm button").click();
      assertThat(page.locator(".confirm").count()).as(label + " without a reason").isOne();
    }
    confirm(page, label, reason, answer);
  }

  /** Presses the button of the page that asks, and reads the answer. */
  private static void confirm(Page page, String label, String reason, String answer) {
    Locator submit = page.locator(".confirm button");
    if (!reason.isEmpty()) {
      page.getByLabel("Reason").fill(reason);
    }
    page.screenshot(
        new Page.ScreenshotOptions()
            .setPath(SCREENSHOTS.resolve("confirm-" + name("/" + label.toLowerCase()) + ".png")));
    submit.click();
    assertThat(page.locator(".done").textContent()).as(label).contains(answer);
  }

  @Test
  void updatesWhileItIsOpenSearchesWhileTypingAndObeysTheKeyboard() {
    Pair portal = rig.empty().pair("Portal down", "Portal", "ann");
    rig.pair("Mail slow", "Mail", "bob");
    Page page = page(ColorScheme.LIGHT, 1280, 900);
    open(page, "/");
    Locator letters = page.locator(".tile[href='/dead-letters'] strong");
    assertThat(letters.textContent()).isEqualTo("0");
    page.evaluate("window.stays = true");
    rig.deadLetter(portal, "rejected", "PUT /x", "403", "Grant it.");
    page.waitForCondition(() -> letters.textContent().equals("1"));
    assertThat(page.evaluate("window.stays")).as("without loading the page anew").isEqualTo(true);

    page.keyboard().press("Tab");
    assertThat(page.evaluate("document.activeElement.className")).isEqualTo("skip");
    page.keyboard().press("Enter");
    page.keyboard().press("/");
    page.keyboard().type("portal");
    page.keyboard().press("Enter");
    page.waitForURL("**/incidents?q=portal");
    assertThat(page.locator("#results tbody tr").count()).isEqualTo(1);
    page.locator("#q").fill("mail");
    page.waitForURL("**/incidents?q=mail*");
    assertThat(page.locator("#results td.title").textContent()).isEqualTo("Mail slow");

    String before = background(page);
    page.locator("#theme").click();
    page.locator("#theme").click();
    assertThat(background(page)).isNotEqualTo(before);
    open(page, "/audit");
    assertThat(page.locator("#theme").textContent()).isEqualTo("Theme: dark");
    assertThat(errors).isEmpty();
    page.context().close();
  }

  @Test
  void maintenanceIsStartedAndEndedOnItsPage() {
    Pair pair = rig.empty().pair("Portal down", "Portal", "ann");
    rig.conflict(pair, "priority", "1/2", "P2", "P1");
    Page page = page(ColorScheme.LIGHT, 1280, 900);
    open(page, "/maintenance");
    field(page, "Pause").selectOption("system:pagerduty");
    page.getByLabel("For (optional)").fill("soon");
    button(page, "Pause…").click();
    assertThat(page.locator(".confirm").count()).as("'soon' is no time").isZero();
    page.getByLabel("For (optional)").fill("8h");
    button(page, "Pause…").click();
    confirm(page, "pause", "maintenance there", "System pagerduty is paused.");
    assertThat(page.locator("#pauses-now").textContent()).contains("maintenance there");
    press(page, "/maintenance", "Resume…", "", "System pagerduty is resumed");

    press(page, "/maintenance", "Compare and report only…", "", "The reconciliation is started");
    assertThat(page.locator("#reconciliation-now .state").textContent()).isEqualTo("running");
    page.getByLabel("Changed since (UTC)").fill("2026-11-01");
    field(page, "System").selectOption("servicenow");
    button(page, "Start…").click();
    confirm(page, "backfill", "", "The backfill is started.");
    press(page, "/maintenance", "Stop…", "", "The backfill is stopped.");
    press(page, "/conflicts", "Choose the replaced one…", "", "the value is being written");
    assertThat(errors).isEmpty();
    page.context().close();
  }

  /** The systems are away: what a plan shows is in {@code SystemsPlanIT}. */
  @Test
  void aPlanIsStartedAndStoppedAndOneThatWasMadeIsCarriedOut() {
    rig.empty();
    Page page = page(ColorScheme.DARK, 1280, 900);
    open(page, "/plans");
    page.getByLabel("Changed since (UTC)").fill("2026-11-01");
    field(page, "At most").fill("20");
    button(page, "Plan…").click();
    confirm(page, "plan", "", "The plan is being made.");
    assertThat(page.locator("main .state").textContent()).isEqualTo("being made");
    page.evaluate("window.stays = true");
    rig.jdbc
        .sql("update saved_plan set finished_at = now(), problem = '401. Set the token'")
        .update();
    page.waitForCondition(() -> page.locator("main .state").textContent().equals("failed"));
    assertThat(page.evaluate("window.stays")).isEqualTo(true);
    assertThat(page.locator("main .problems").textContent()).isEqualTo("401. Set the token");
    open(page, "/plans");
    page.getByLabel("Changed since (UTC)").fill("2026-11-01");
    button(page, "Plan…").click();
    confirm(page, "plan", "", "The plan is being made.");
    press(page, "/plans", "Stop…", "", "Planning is stopped.");

    long made = rig.plan(120);
    open(page, "/plans/" + made);
    assertThat(page.locator("article").count()).isEqualTo(50);
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Next")).click();
    assertThat(page.locator("article h3").first().textContent()).contains("(new 51)");
    press(page, "/plans/" + made, "Delete…", "", "is deleted.");
    assertThat(errors).isEmpty();
    page.context().close();
  }

  @Test
  void maintenanceUpdatesWhileItIsOpenAndLeavesItsFormsAlone() {
    rig.empty();
    Page page = page(ColorScheme.DARK, 1280, 900);
    open(page, "/maintenance");
    page.getByLabel("For (optional)").fill("4h");
    page.evaluate("window.stays = true");

    rig.pause(PauseScope.ALL, "release", Duration.ofHours(1));

    Locator pauses = page.locator("#pauses-now .run");
    page.waitForCondition(() -> pauses.count() == 1);
    assertThat(pauses.textContent()).contains("Everything").contains("release");
    assertThat(page.getByLabel("For (optional)").inputValue()).isEqualTo("4h");
    assertThat(page.evaluate("document.activeElement.id")).isEqualTo("for");
    page.locator("#resume-all").focus();
    rig.pause(PauseScope.system("jira"), "", Duration.ofHours(1));
    page.waitForCondition(() -> pauses.count() == 2);
    assertThat(page.evaluate("document.activeElement.id")).isEqualTo("resume-all");
    assertThat(page.evaluate("window.stays")).isEqualTo(true);
    assertThat(errors).isEmpty();
    page.context().close();
  }

  private static Locator field(Page page, String label) {
    return page.getByLabel(label, new Page.GetByLabelOptions().setExact(true));
  }

  private static Locator button(Page page, String label) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(label).setExact(true));
  }

  private static String background(Page page) {
    return String.valueOf(page.evaluate("getComputedStyle(document.body).backgroundColor"));
  }

  private static List<String> violations(Page page) {
    AxeRunOptions options = new AxeRunOptions();
    options.setResultTypes(List.of("violations"));
    return new AxeBuilder(page)
        .setLegacyMode(true).options(options).analyze().getViolations().stream()
            .map(rule -> rule.getId() + " " + rule.getNodes())
            .toList();
  }
}
