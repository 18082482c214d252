package dev.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.access.Role;
import dev.lockstep.access.Users;
import dev.lockstep.access.Users.Person;
import dev.lockstep.audit.AuditEvent;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.audit.AuditSubject;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Users, tokens and roles, with an identity provider that is away while the service starts. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AccessTest {
  private static final String LOCAL_TOKEN = "the-token-of-this-machine";
  private static final String PASSWORD = "correct horse battery";
  private static final Pattern SECRET = Pattern.compile("lockstep_[A-Za-z0-9_-]{43}");

  private final HttpClient http = HttpClient.newHttpClient();
  private final IdentityProvider provider = new IdentityProvider();
  private ConfigurableApplicationContext service;
  private String url;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    String client = "spring.security.oauth2.client.";
    service =
        Application.start(
            Map.of(
                "LOCKSTEP_PORT",
                "0",
                "LOCKSTEP_DATA_DIR",
                dir.resolve("data").toString(),
                "LOCKSTEP_API_TOKEN",
                LOCAL_TOKEN,
                "camel.main.routes-include-pattern",
                "false",
                client + "registration.company.client-id",
                IdentityProvider.CLIENT,
                client + "registration.company.client-secret",
                "client-secret",
                client + "registration.company.scope",
                "openid,profile",
                client + "provider.company.issuer-uri",
                provider.issuer(),
                client + "provider.company.user-name-attribute",
                "preferred_username",
                "lockstep.oidc.admins",
                "owners"),
            SlimApplication.class);
    url = "http://localhost:" + service.getEnvironment().getProperty("local.server.port");
    provider.becomeReady();
    for (String role : List.of("viewer", "operator", "admin")) {
      addUser("some-" + role, role);
    }
  }

  @AfterAll
  void stop() {
    service.close();
    provider.close();
  }

  @Test
  void eachRoleMayDoWhatItIsFor() throws Exception {
    List<String> roles = List.of("viewer", "operator", "admin");
    Map<String, String> tokens =
        Map.of(
            "viewer", createToken("a-viewer", "viewer"),
            "operator", createToken("an-operator", "operator"),
            "admin", createToken("an-admin", "admin"));
    for (String[] call :
        new String[][] {
          {"viewer", "GET", "/api/pairs"},
          {"viewer", "GET", "/api/duplicates"},
          {"viewer", "GET", "/api/dead-letters"},
          {"viewer", "GET", "/api/communications"},
          {"operator", "POST", "/api/communications/INC1/updates"},
          {"operator", "POST", "/api/communications/INC1/snooze"},
          {"viewer", "GET", "/api/incident-managers"},
          {"operator", "POST", "/api/incident-managers/INC1/assign"},
          {"operator", "POST", "/api/incident-managers/INC1/handover"},
          {"operator", "POST", "/api/incident-managers/INC1/release"},
          {"viewer", "GET", "/api/postmortems"},
          {"viewer", "GET", "/api/systems"},
          {"viewer", "GET", "/api/trace/nope"},
          {"operator", "POST", "/api/duplicates/99/accept"},
          {"operator", "POST", "/api/dead-letters/nope/retry"},
          {"operator", "DELETE", "/api/dead-letters/nope"},
          {"operator", "POST", "/api/reconciliation?mode=neither"},
          {"operator", "POST", "/postmortems"},
          {"admin", "GET", "/api/users"},
          {"admin", "POST", "/api/users"},
          {"admin", "DELETE", "/api/users/nobody"},
          {"admin", "GET", "/api/tokens"},
          {"admin", "DELETE", "/api/tokens/none"},
        }) {
      String what = String.join(" ", call);
      assertThat(api(call[1], call[2], "").statusCode()).as(what).isEqualTo(401);
      for (String role : roles) {
        int status = api(call[1], call[2], tokens.get(role)).statusCode();
        if (roles.indexOf(role) < roles.indexOf(call[0])) {
          assertThat(status).as(what + " as " + role).isEqualTo(403);
        } else {
          assertThat(status).as(what + " as " + role).isNotIn(401, 403);
        }
      }
    }
    HttpResponse<String> refused = api("GET", "/api/users", tokens.get("operator"));
    assertThat(refused.body()).contains("This needs the role admin.");
  }

  @Test
  void pagesAreForTheSameRoles() throws Exception {
    Browser browser = new Browser(url);
    assertThat(browser.logIn("some-operator", PASSWORD)).isEqualTo("/");
    assertThat(browser.get("/users").statusCode()).isEqualTo(403);
    assertThat(browser.get("/tokens").statusCode()).isEqualTo(403);
    assertThat(browser.post("/tokens/x/revoke", Map.of()).statusCode()).isEqualTo(403);
    // The cookie of the console opens no door of the API.
    assertThat(browser.get("/api/pairs").statusCode()).isEqualTo(401);
    assertThat(browser.get("/env").statusCode()).isEqualTo(404);
    assertThat(browser.get("/env").body()).contains("There is nothing here.");
    assertThat(browser.get("/users").body()).contains("Your role does not permit this");
    assertThat(loggedIn("some-admin").get("/users").statusCode()).isEqualTo(200);
  }

  @Test
  void aTokenIsShownOnceAndStoredAsAHash() throws Exception {
    String secret = createToken("nightly", "operator");
    assertThat(secret).matches(SECRET);
    JsonNode listed = json(api("GET", "/api/tokens", LOCAL_TOKEN)).path("tokens");
    assertThat(listed.toString()).contains("nightly").doesNotContain(secret);
    assertThat(dump("api_token")).contains("nightly").doesNotContain(secret);

    assertThat(api("POST", "/api/duplicates/12/reject", secret).body())
        .contains("rejected by token:nightly");
    assertThat(dump("api_token")).containsPattern("nightly.*, last_used_at=20");

    assertThat(api("DELETE", "/api/tokens/nightly", LOCAL_TOKEN).statusCode()).isEqualTo(200);
    assertThat(api("GET", "/api/pairs", secret).statusCode()).isEqualTo(401);
    assertThat(audit("token", "nightly"))
        .extracting(event -> event.entry().what() + " by " + event.entry().actor())
        .containsExactly("created by local:ann", "revoked by local:ann");
  }

  @Test
  void anExpiredTokenSaysSo() throws Exception {
    String secret = createToken("old", "viewer");
    service
        .getBean(JdbcClient.class)
        .sql("update api_token set expires_at = now() - interval '1 second' where name = 'old'")
        .update();
    HttpResponse<String> response = api("GET", "/api/pairs", secret);
    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(response.body()).contains("The API token 'old' expired at");
  }

  @Test
  void refusesTokensAndUsersThatAreNotInOrder() throws Exception {
    assertRefused("/api/tokens", Map.of("name", "x", "role", "root"), "role: 'root' is not a role");
    assertRefused("/api/tokens", Map.of("name", "<b>", "role", "viewer"), "name: use 1 to 64");
    assertRefused(
        "/api/tokens", Map.of("name", "x", "role", "viewer", "days", "367"), "days: 367 is not");
    assertRefused(
        "/api/tokens", Map.of("name", "x", "role", "viewer", "days", "all"), "days: 'all' is not");
    assertRefused("/api/tokens", Map.of("nam", "x"), "nam: unknown key");
    Map<String, String> user = Map.of("name", "x", "role", "viewer", "password", "too short");
    assertRefused("/api/users", user, "password: shorter than 12");
    assertRefused(
        "/api/users",
        Map.of("name", "x", "role", "viewer", "password", "ä".repeat(37)),
        "password: longer than 72 bytes");
    for (String name : List.of("setup", "lockstep", "local")) {
      assertRefused(
          "/api/users", Map.of("name", name, "role", "viewer", "password", PASSWORD), "reserved");
    }
    HttpResponse<String> taken =
        send(
            "POST",
            "/api/users",
            Map.of("name", "some-admin", "role", "viewer", "password", PASSWORD));
    assertThat(taken.statusCode()).isEqualTo(409);
    assertThat(api("DELETE", "/api/users/nobody", LOCAL_TOKEN).statusCode()).isEqualTo(404);
    assertThat(send("PUT", "/api/users/nobody/password", Map.of("password", PASSWORD)).statusCode())
        .isEqualTo(404);
  }

  @Test
  void logsInWithAPasswordAndOut() throws Exception {
    Browser browser = new Browser(url);
    HttpResponse<String> first = browser.get("/users");
    assertThat(Browser.location(first)).isEqualTo("/login");
    assertThat(browser.logIn("some-admin", "wrong password")).isEqualTo("/login?failed");
    assertThat(browser.get("/login?failed").body()).contains("Name or password is wrong.");
    assertThat(browser.logIn("nobody-at-all", PASSWORD)).isEqualTo("/login?failed");

    // Leads to what was asked for.
    assertThat(browser.logIn("Some-Admin ", PASSWORD)).endsWith("/users");
    assertThat(browser.get("/users").body()).contains("some-viewer");
    assertThat(Browser.location(browser.get("/login"))).isEqualTo("/");

    assertThat(Browser.location(browser.post("/logout", Map.of()))).isEqualTo("/login?logged-out");
    assertThat(Browser.location(browser.get("/users"))).isEqualTo("/login");
  }

  @Test
  void acceptsNoFormOfAnotherSite() throws Exception {
    Browser browser = loggedIn("some-admin");
    browser.get("/users");
    Map<String, String> form = Map.of("name", "eve", "role", "admin", "password", PASSWORD);
    assertThat(browser.fromElsewhere().post("/users", form).statusCode()).isEqualTo(403);
    assertThat(browser.post("/logout", Map.of()).statusCode()).isEqualTo(403);
    assertThat(dump("local_user")).doesNotContain("eve");
  }

  @Test
  void keepsScriptsAndCookiesToItself() throws Exception {
    HttpResponse<String> page = new Browser(url).get("/login");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(page.headers().firstValue("Cache-Control").orElse("")).contains("no-store");
    assertThat(page.body())
        .doesNotContain("<style", " style=", "javascript:")
        .doesNotContainPattern("<script(?![^>]* src=)")
        .doesNotContainPattern(" on[a-z]+=");
    // Nothing is remembered of somebody who only looks.
    assertThat(page.headers().allValues("Set-Cookie"))
        .singleElement()
        .asString()
        .contains("XSRF-TOKEN", "HttpOnly", "SameSite=Strict");

    Map<String, String> proxy = new HashMap<>();
    Browser secure = new Browser(url, proxy);
    secure.get("/login");
    proxy.putAll(Map.of("X-Forwarded-Proto", "https", "X-Forwarded-For", "192.0.2.7"));
    HttpResponse<String> loggedIn =
        secure.post("/login", Map.of("username", "some-viewer", "password", PASSWORD));
    assertThat(loggedIn.headers().allValues("Set-Cookie"))
        .anyMatch(cookie -> cookie.startsWith("lockstep-session="))
        .allMatch(cookie -> cookie.contains("HttpOnly") && cookie.contains("Secure"))
        .allMatch(cookie -> cookie.contains("SameSite="));
    assertThat(loggedIn.headers().firstValue("Strict-Transport-Security")).isPresent();
  }

  @Test
  void aChangedOrRemovedUserIsLoggedOut() throws Exception {
    addUser("leaver", "viewer");
    Browser browser = loggedIn("leaver");
    assertThat(browser.get("/").statusCode()).isEqualTo(404);
    String next = "another good password";
    send("PUT", "/api/users/leaver/password", Map.of("password", next));
    assertThat(Browser.location(browser.get("/"))).isEqualTo("/login");
    assertThat(browser.logIn("leaver", PASSWORD)).isEqualTo("/login?failed");
    assertThat(browser.logIn("leaver", next)).endsWith("/");
    assertThat(api("DELETE", "/api/users/leaver", LOCAL_TOKEN).statusCode()).isEqualTo(200);
    assertThat(Browser.location(browser.get("/"))).isEqualTo("/login");
    // The same name later is someone else.
    addUser("leaver", "admin");
    assertThat(Browser.location(browser.get("/"))).isEqualTo("/login");
    assertThat(audit("user", "leaver"))
        .extracting(event -> event.entry().what() + " by " + event.entry().actor())
        .containsExactly(
            "created by local:ann",
            "password changed by local:ann",
            "removed by local:ann",
            "created by local:ann");
    assertThat(dump("local_user")).doesNotContain(PASSWORD).contains("{bcrypt}");
  }

  @Test
  void refusesToLogInTooOftenEvenWithTheRightPassword() throws Exception {
    addUser("guessed", "admin");
    Browser attacker = new Browser(url, Map.of("X-Forwarded-For", "192.0.2.66"));
    for (int i = 0; i < 5; i++) {
      assertThat(attacker.logIn("guessed", "wrong password " + i)).isEqualTo("/login?failed");
    }
    assertThat(attacker.logIn("guessed", PASSWORD)).isEqualTo("/login?limited");
    assertThat(attacker.logIn("Guessed", PASSWORD)).isEqualTo("/login?limited");
    assertThat(attacker.get("/login?limited").body()).contains("Too many log-ins");
    assertThat(audit("user", "guessed"))
        .filteredOn(event -> event.entry().what().equals("log-in refused"))
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.entry().text()).isEqualTo("Too many log-ins from 192.0.2.66"));
    // From elsewhere the user is let in.
    assertThat(loggedIn("guessed").get("/users").statusCode()).isEqualTo(200);
  }

  @Test
  void managesUsersAndTokensOnPages() throws Exception {
    Browser browser = loggedIn("some-admin");
    browser.get("/users");
    Map<String, String> eve = Map.of("name", "eve.b", "role", "viewer", "password", PASSWORD);
    assertThat(Browser.location(browser.post("/users", eve))).isEqualTo("/users");
    assertThat(browser.post("/users", eve).body())
        .contains("There is a user named &#39;eve.b&#39;");
    String hostile = "<img src=x onerror=alert(1)>";
    assertThat(
            browser
                .post("/users", Map.of("name", "x", "role", hostile, "password", PASSWORD))
                .body())
        .contains("&lt;img src=x")
        .doesNotContain(hostile);
    assertThat(loggedIn("eve.b").get("/").statusCode()).isEqualTo(404);
    browser.post("/users/eve.b/password", Map.of("password", "a third good password"));
    assertThat(new Browser(url).logIn("eve.b", "a third good password")).isEqualTo("/");
    browser.post("/users/eve.b/remove", Map.of());
    assertThat(browser.get("/users").body()).doesNotContain("eve.b");

    browser.get("/tokens");
    String page =
        browser.post("/tokens", Map.of("name", "by-page", "role", "viewer", "days", "7")).body();
    Matcher secret = SECRET.matcher(page);
    assertThat(secret.find()).isTrue();
    assertThat(browser.get("/tokens").body()).contains("by-page").doesNotContain(secret.group());
    assertThat(api("GET", "/api/pairs", secret.group()).statusCode()).isEqualTo(200);
    browser.post("/tokens/by-page/revoke", Map.of());
    assertThat(api("GET", "/api/pairs", secret.group()).statusCode()).isEqualTo(401);
    assertThat(audit("token", "by-page"))
        .extracting(event -> event.entry().actor())
        .containsExactly("some-admin", "some-admin");
  }

  @Test
  void logsInWithTheIdentityProvider() throws Exception {
    Browser browser = new Browser(url);
    assertThat(browser.get("/login").body()).contains("/oauth2/authorization/company");
    assertThat(logInAtProvider(browser, "ann@example.com", List.of("staff", "owners")))
        .isEqualTo("/");
    assertThat(browser.get("/users").statusCode()).isEqualTo(200);
    browser.post("/tokens", Map.of("name", "of-ann", "role", "viewer", "days", "7"));
    assertThat(audit("token", "of-ann"))
        .extracting(event -> event.entry().actor())
        .containsExactly("ann@example.com");

    Browser viewer = new Browser(url);
    assertThat(logInAtProvider(viewer, "vic", List.of("lockstep-viewer"))).isEqualTo("/");
    assertThat(viewer.get("/users").statusCode()).isEqualTo(403);
  }

  @Test
  void letsNobodyInWithoutARoleOrWithANameThatIsSomeoneElses() throws Exception {
    Browser browser = new Browser(url);
    assertThat(logInAtProvider(browser, "mallory", List.of("staff"))).isEqualTo("/login?no-role");
    assertThat(Browser.location(browser.get("/"))).isEqualTo("/login");
    assertThat(browser.get("/login?no-role").body()).contains("You have no role in Lockstep");
    for (String name : List.of("some-viewer", "token:ci", "local:ann", "lockstep", "a\nb")) {
      assertThat(logInAtProvider(new Browser(url), name, List.of("owners")))
          .as(name)
          .isEqualTo("/login?name");
    }
    // An answer that nobody asked for.
    assertThat(Browser.location(browser.get("/login/oauth2/code/company?code=x&state=y")))
        .isEqualTo("/login?provider");
  }

  private Optional<Person> userOf(String email) {
    return service.getBean(Users.class).findByEmail(email);
  }

  /** By which commands from a chat are recognised: the role of the last log-in counts. */
  @Test
  void remembersTheVerifiedAddressOfALogInAtTheProvider() throws Exception {
    List<String> operators = List.of("lockstep-operator");
    Map<String, Object> verified = Map.of("email", "Fay@Example.com", "email_verified", true);
    assertThat(logInAtProvider(new Browser(url), "fay", operators, verified)).isEqualTo("/");
    assertThat(userOf("fay@example.COM")).contains(new Person("fay", Role.OPERATOR));

    assertThat(logInAtProvider(new Browser(url), "fay", List.of("lockstep-viewer"), verified))
        .isEqualTo("/");
    assertThat(userOf("fay@example.com")).contains(new Person("fay", Role.VIEWER));
    assertThat(logInAtProvider(new Browser(url), "fay", List.of("staff"), verified))
        .isEqualTo("/login?no-role");
    assertThat(userOf("fay@example.com")).isEmpty();

    for (Map<String, Object> unproven :
        List.<Map<String, Object>>of(
            Map.of("email", "fay@example.com"),
            Map.of("email", "fay@example.com", "email_verified", false),
            Map.of("email_verified", true))) {
      assertThat(logInAtProvider(new Browser(url), "fay", operators, unproven)).isEqualTo("/");
      assertThat(userOf("fay@example.com")).as(unproven.toString()).isEmpty();
    }
    // A local user comes first.
    logInAtProvider(new Browser(url), "fay", operators, verified);
    send(
        "POST",
        "/api/users",
        Map.of("name", "faye", "email", "fay@example.com", "role", "viewer", "password", PASSWORD));
    assertThat(userOf("fay@example.com")).contains(new Person("faye", Role.VIEWER));
    send("DELETE", "/api/users/faye", Map.of());
    assertThat(userOf("fay@example.com")).contains(new Person("fay", Role.OPERATOR));
  }

  @Test
  void anAddressBelongsToOneUser() throws Exception {
    Map<String, String> gil =
        Map.of("name", "gil", "email", "Gil@example.com", "role", "viewer", "password", PASSWORD);
    assertThat(send("POST", "/api/users", gil).statusCode()).isEqualTo(201);
    addUser("hal@example.com", "operator");
    assertThat(userOf("gil@example.com")).contains(new Person("gil", Role.VIEWER));
    assertThat(userOf("hal@example.com")).contains(new Person("hal@example.com", Role.OPERATOR));
    assertThat(userOf("")).isEmpty();

    HttpResponse<String> taken =
        send("PUT", "/api/users/gil/email", Map.of("email", "hal@example.com"));
    assertThat(taken.statusCode()).isEqualTo(409);
    assertThat(taken.body()).contains("email: it belongs to another user");
    assertThat(send("PUT", "/api/users/gil/email", Map.of("email", "no address")).statusCode())
        .isEqualTo(400);
    assertThat(send("PUT", "/api/users/nobody/email", Map.of("email", "")).statusCode())
        .isEqualTo(404);
    assertThat(send("PUT", "/api/users/gil/email", Map.of("email", "")).statusCode())
        .isEqualTo(200);
    assertThat(userOf("gil@example.com")).isEmpty();
    assertThat(audit("user", "gil"))
        .extracting(event -> event.entry().what())
        .containsExactly("created", "e-mail changed");
  }

  private String logInAtProvider(Browser browser, String name, List<String> groups)
      throws Exception {
    return logInAtProvider(browser, name, groups, Map.of());
  }

  private String logInAtProvider(
      Browser browser, String name, List<String> groups, Map<String, Object> more)
      throws Exception {
    String authorize = Browser.location(browser.get("/oauth2/authorization/company"));
    assertThat(authorize).startsWith(provider.issuer() + "/authorize?");
    provider.logIn(name, groups, parameter(authorize, "nonce"), more);
    return Browser.location(
        browser.get("/login/oauth2/code/company?code=x&state=" + parameter(authorize, "state")));
  }

  /** Still encoded where it must be for the next address. */
  private static String parameter(String address, String name) {
    Matcher value = Pattern.compile("[?&]" + name + "=([^&]+)").matcher(address);
    assertThat(value.find()).isTrue();
    return name.equals("nonce")
        ? URLDecoder.decode(value.group(1), StandardCharsets.UTF_8)
        : value.group(1);
  }

  private Browser loggedIn(String name) throws Exception {
    Browser browser = new Browser(url);
    assertThat(browser.logIn(name, PASSWORD)).as(name).isEqualTo("/");
    return browser;
  }

  private void addUser(String name, String role) throws Exception {
    HttpResponse<String> response =
        send("POST", "/api/users", Map.of("name", name, "role", role, "password", PASSWORD));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
  }

  private String createToken(String name, String role) throws Exception {
    HttpResponse<String> response = send("POST", "/api/tokens", Map.of("name", name, "role", role));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    return json(response).path("secret").asText();
  }

  private void assertRefused(String path, Map<String, String> body, String problem)
      throws Exception {
    HttpResponse<String> response = send("POST", path, body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    assertThat(json(response).path("detail").asText()).contains(problem);
  }

  private String dump(String table) {
    return service
        .getBean(JdbcClient.class)
        .sql("select * from " + table)
        .query()
        .listOfRows()
        .toString();
  }

  private List<AuditEvent> audit(String kind, String id) {
    return service.getBean(AuditStore.class).findAll(new AuditSubject(kind, id));
  }

  private static JsonNode json(HttpResponse<String> response) throws Exception {
    return new ObjectMapper().readTree(response.body());
  }

  private HttpResponse<String> api(String method, String path, String token) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path)).method(method, BodyPublishers.noBody());
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token).header("X-Lockstep-User", "ann");
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> send(String method, String path, Map<String, String> body)
      throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(url + path))
            .header("Authorization", "Bearer " + LOCAL_TOKEN)
            .header("X-Lockstep-User", "ann")
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(new ObjectMapper().writeValueAsString(body)))
            .build(),
        BodyHandlers.ofString());
  }
}
