package dev.lockstep.sandbox.jira;

import dev.lockstep.sandbox.http.ApiException;
import dev.lockstep.sandbox.http.ApiRules;
import dev.lockstep.sandbox.http.RateLimit;
import dev.lockstep.sandbox.http.Request;
import dev.lockstep.sandbox.http.Response;
import dev.lockstep.sandbox.http.Router;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** REST API v3: its routes, login, rate limit headers and errors. */
final class JiraApi implements ApiRules<Author> {

  /** The limit that responses state while there is none; Jira publishes no numbers. */
  static final int ANNOUNCED_LIMIT = 350;

  private static final String ROOT = "/rest/api/3";
  private static final String GONE =
      "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full"
          + " migration guideline is available at"
          + " https://developer.atlassian.com/changelog/#CHANGE-2046";
  private static final DateTimeFormatter RESET =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm'Z'").withZone(ZoneOffset.UTC);

  private final JiraOptions options;
  private final Site site;

  JiraApi(JiraOptions options, Site site) {
    this.options = options;
    this.site = site;
  }

  Router<Author> router(IssueStore store, Search search, IssueJson json) {
    Router<Author> router = new Router<>();
    // Literal paths first: {id} would match them too.
    SiteEndpoints config = new SiteEndpoints(site, json.config(), options);
    router.add("GET", ROOT + "/myself", config::myself);
    router.add("GET", ROOT + "/serverInfo", config::serverInfo);
    PermissionEndpoints permissions = new PermissionEndpoints(site);
    router.add("GET", ROOT + "/mypermissions", permissions::mine);
    ScreenEndpoints screens = new ScreenEndpoints(site, store, json.config());
    router.add("GET", ROOT + "/issue/createmeta/{key}/issuetypes", screens::types);
    router.add("GET", ROOT + "/issue/createmeta/{key}/issuetypes/{id}", screens::createFields);
    router.add("GET", ROOT + "/issue/{id}/editmeta", screens::editFields);
    router.add("GET", ROOT + "/project/{key}", config::project);
    router.add("GET", ROOT + "/project/{key}/components", config::components);
    router.add("GET", ROOT + "/component/{id}", config::component);
    router.add("GET", ROOT + "/priority", config::priorities);
    router.add("GET", ROOT + "/priority/search", config::prioritySearch);
    router.add("GET", ROOT + "/status", config::statuses);
    router.add("GET", ROOT + "/field", config::fields);
    router.add("GET", ROOT + "/issueLinkType", config::linkTypes);
    UserEndpoints users = new UserEndpoints(site, store, json.config());
    router.add("GET", ROOT + "/user", users::user);
    router.add("GET", ROOT + "/user/search", users::search);
    router.add("GET", ROOT + "/user/assignable/search", users::assignable);
    IssueEndpoints issues = new IssueEndpoints(site, store, json, screens);
    router.add("POST", ROOT + "/issue", issues::create);
    router.add("GET", ROOT + "/issue/{id}", issues::get);
    router.add("PUT", ROOT + "/issue/{id}", issues::edit);
    router.add("DELETE", ROOT + "/issue/{id}", issues::delete);
    router.add("GET", ROOT + "/issue/{id}/transitions", issues::transitions);
    router.add("POST", ROOT + "/issue/{id}/transitions", issues::transition);
    router.add("GET", ROOT + "/issue/{id}/changelog", issues::changelog);
    CommentEndpoints comments = new CommentEndpoints(store, json);
    router.add("GET", ROOT + "/issue/{id}/comment", comments::list);
    router.add("POST", ROOT + "/issue/{id}/comment", comments::add);
    router.add("GET", ROOT + "/issue/{id}/comment/{id}", comments::get);
    router.add("PUT", ROOT + "/issue/{id}/comment/{id}", comments::edit);
    router.add("DELETE", ROOT + "/issue/{id}/comment/{id}", comments::delete);
    LinkEndpoints links = new LinkEndpoints(store, json);
    router.add("POST", ROOT + "/issueLink", links::link);
    router.add("GET", ROOT + "/issueLink/{id}", links::get);
    router.add("DELETE", ROOT + "/issueLink/{id}", links::unlink);
    router.add("GET", ROOT + "/issue/{id}/remotelink", links::remoteLinks);
    router.add("POST", ROOT + "/issue/{id}/remotelink", links::remoteLink);
    router.add("DELETE", ROOT + "/issue/{id}/remotelink/{id}", links::deleteRemoteLink);
    PropertyEndpoints properties = new PropertyEndpoints(store, json);
    router.add("GET", ROOT + "/issue/{id}/properties", properties::keys);
    router.add("GET", ROOT + "/issue/{id}/properties/{key}", properties::get);
    router.add("PUT", ROOT + "/issue/{id}/properties/{key}", properties::set);
    router.add("DELETE", ROOT + "/issue/{id}/properties/{key}", properties::delete);
    router.add("GET", ROOT + "/search/jql", search::get);
    router.add("POST", ROOT + "/search/jql", search::post);
    router.add("GET", ROOT + "/search", JiraApi::gone);
    router.add("POST", ROOT + "/search", JiraApi::gone);
    return router;
  }

  private static Response gone(Request request, Author by) {
    throw new JiraException(410, List.of(GONE), Map.of());
  }

  /** "Basic auth for REST APIs": an e-mail address and an API token. */
  @Override
  public Author login(Request request) {
    return request
        .basicCredentials()
        .filter(credentials -> credentials.password().equals(options.token))
        .flatMap(credentials -> site.userByEmail(credentials.user()))
        .filter(JiraUser::active)
        .map(user -> new Author(user, true))
        .orElseThrow(() -> error(401, "Client must be authenticated to access this resource."));
  }

  @Override
  public ApiException notRouted(boolean knownPath) {
    return knownPath ? error(405, "Method Not Allowed") : error(404, "Not Found");
  }

  @Override
  public Response tooManyRequests() {
    return error(429, "Rate limit exceeded.").response();
  }

  /** As "Rate limiting" in the documentation says. */
  @Override
  public Map<String, String> limitHeaders(RateLimit.Quota quota) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("X-RateLimit-Limit", Integer.toString(quota.limit()));
    headers.put("X-RateLimit-Remaining", Integer.toString(quota.remaining()));
    headers.put("X-RateLimit-NearLimit", Boolean.toString(quota.remaining() * 5 < quota.limit()));
    if (!quota.allowed()) {
      headers.put("Retry-After", Long.toString(quota.untilReset().toSeconds()));
      headers.put(
          "X-RateLimit-Reset", RESET.format(options.clock.instant().plus(quota.untilReset())));
      headers.put(
          "RateLimit-Reason", quota.injected() ? "jira-burst-based" : "jira-quota-tenant-based");
    }
    return headers;
  }

  @Override
  public Response forbidden() {
    return error(403, "You do not have permission to do this.").response();
  }

  @Override
  public Response failed() {
    return error(500, "Internal server error").response();
  }

  private static JiraException error(int status, String message) {
    return new JiraException(status, List.of(message), Map.of());
  }
}
