package dev.lockstep;

import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Keeps cookies, sends forms with their CSRF token, and follows no redirect by itself. */
final class Browser {
  private static final Pattern CSRF = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");

  private final HttpClient http =
      HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
  private final String url;
  private final Map<String, String> headers;
  private String csrf = "";

  Browser(String url) {
    this(url, Map.of());
  }

  Browser(String url, Map<String, String> headers) {
    this.url = url;
    this.headers = headers;
  }

  HttpResponse<String> get(String path) throws Exception {
    return send(request(path).GET().build());
  }

  /** Sends a form of the page that was last shown. */
  HttpResponse<String> post(String path, Map<String, String> fields) throws Exception {
    String form =
        fields.entrySet().stream()
            .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
            .collect(Collectors.joining("&", "_csrf=" + encode(csrf) + "&", ""));
    return send(
        request(path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form))
            .build());
  }

  /** Returns where it leads. */
  String logIn(String name, String password) throws Exception {
    get("/login");
    HttpResponse<String> response = post("/login", Map.of("username", name, "password", password));
    return location(response);
  }

  /** Forgets the CSRF token, as a page of another site that sends a form. */
  Browser fromElsewhere() {
    csrf = "";
    return this;
  }

  static String location(HttpResponse<String> response) {
    return response.headers().firstValue("Location").orElse("none: " + response.statusCode());
  }

  private HttpResponse<String> send(HttpRequest request) throws Exception {
    HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
    Matcher token = CSRF.matcher(response.body());
    if (token.find()) {
      csrf = token.group(1);
    }
    return response;
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path)).header("Accept", "text/html,*/*;q=0.8");
    headers.forEach(request::header);
    return request;
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
